//! The rules that a course which loads must also keep: complete in both languages, hints that lead
//! somewhere, and attempts that prove each check.

mod attempts;
mod blocks;
mod texts;

use super::Course;
use super::fault::CourseError;

/// Everything that is wrong with the course, in the order of its files and lines.
pub fn check(course: &Course) -> Vec<CourseError> {
    let mut errors = texts::of_course(course);
    for lab in course.labs() {
        errors.extend(texts::of_lab(lab));
        errors.extend(attempts::of_lab(lab));
    }
    errors.sort_by(|a, b| a.place().cmp(b.place()));
    errors
}
