//! `kafka-workbook course check`

use serde_json::{Value, json};

use super::output::{Exit, Ink, Output};
use crate::course::{CourseError, check as course_check};
use crate::lab::Workbook;
use crate::phrase;
use crate::problem::Explain;

/// Every file of the course, without a cluster.
pub fn check(workbook: &Workbook, output: &Output) -> Exit {
    let course = &workbook.course;
    let read = (course.labs().len(), course.lessons().len());
    report(&course_check::check(course), read, output)
}

/// A course that could not even be read.
pub fn broken(errors: &[CourseError], output: &Output) -> Exit {
    report(errors, (0, 0), output)
}

fn report(errors: &[CourseError], (labs, lessons): (usize, usize), output: &Output) -> Exit {
    if output.json {
        let list: Vec<Value> = errors.iter().map(|e| error_object(e, output)).collect();
        output.object(json!({"labs": labs, "lessons": lessons, "errors": list}));
    } else {
        for error in errors {
            let problem = error.problem();
            output.line(&output.ink(Ink::Red, output.say(&problem.message)));
            output.text(4, output.say(&problem.hint));
        }
        let count = errors.len();
        output.text(
            0,
            output.say(&phrase!(
                "labs read: {labs}, lessons read: {lessons}, errors: {count}",
                "已读取实验：{labs}，课文：{lessons}，错误：{count}"
            )),
        );
    }
    if errors.is_empty() { Exit::Done } else { Exit::Usage }
}

fn error_object(error: &CourseError, output: &Output) -> Value {
    let problem = error.problem();
    json!({"code": problem.code, "message": output.say(&problem.message), "hint": output.say(&problem.hint)})
}
