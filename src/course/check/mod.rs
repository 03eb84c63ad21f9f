//! The rules that a course which loads must also keep: complete in both languages, lessons that
//! are tried, hints that lead somewhere, and attempts that prove each check.

mod attempts;
mod blocks;
mod lessons;
mod texts;

use super::Course;
use super::fault::CourseError;

/// Everything that is wrong with the course, in the order of its files and lines.
pub fn check(course: &Course) -> Vec<CourseError> {
    let mut errors = texts::of_course(course);
    for lesson in course.lessons() {
        errors.extend(lessons::of_lesson(lesson));
    }
    for lab in course.labs() {
        errors.extend(texts::of_lab(lab));
        errors.extend(attempts::of_lab(lab));
    }
    errors.sort_by(|a, b| a.place().cmp(b.place()));
    errors
}
