//! `kafka-workbook course check`

use serde_json::{Value, json};

use super::output::{Exit, Ink, Output};
use crate::course::{CourseError, check as course_check};
use crate::lab::{Workbook, environments};
use crate::phrase;
use crate::problem::{Explain, Problem};

/// Every file of the course, without a cluster.
pub fn check(workbook: &Workbook, output: &Output) -> Exit {
    let course = &workbook.course;
    let read = (course.labs().len(), course.lessons().len());
    let mut problems: Vec<Problem> =
        course_check::check(course).iter().map(Explain::problem).collect();
    problems.extend(environments::faults(course));
    report(&problems, read, output)
}

/// A course that could not even be read.
pub fn broken(errors: &[CourseError], output: &Output) -> Exit {
    let problems: Vec<Problem> = errors.iter().map(Explain::problem).collect();
    report(&problems, (0, 0), output)
}

fn report(problems: &[Problem], (labs, lessons): (usize, usize), output: &Output) -> Exit {
    if output.json {
        let list: Vec<Value> = problems.iter().map(|e| object(e, output)).collect();
        output.object(json!({"labs": labs, "lessons": lessons, "errors": list}));
    } else {
        for problem in problems {
            output.line(&output.ink(Ink::Red, output.say(&problem.message)));
            output.text(4, output.say(&problem.hint));
        }
        let count = problems.len();
        output.text(
            0,
            output.say(&phrase!(
                "labs read: {labs}, lessons read: {lessons}, errors: {count}",
                "已读取实验：{labs}，课文：{lessons}，错误：{count}"
            )),
        );
    }
    if problems.is_empty() { Exit::Done } else { Exit::Usage }
}

fn object(problem: &Problem, output: &Output) -> Value {
    json!({"code": problem.code, "message": output.say(&problem.message), "hint": output.say(&problem.hint)})
}
