//! The course map and the environments of a home where nothing was done yet.

use kafka_workbook::course::{Course, Source};
use serde_json::{Value, json};

use crate::program::Home;

fn course() -> Course {
    Course::load(&Source::Embedded).unwrap()
}

#[test]
fn the_map_shows_every_day_and_every_lab_with_its_points() {
    let out = Home::new().run(&["list"]).exits(0).out;
    let course = course();
    let mut lines = out.lines();
    assert_eq!(lines.next(), Some(course.title.en.as_str()));
    for day in &course.days {
        assert_eq!(lines.next(), Some(format!("{:>3}  {}", day.number, day.title.en).as_str()));
        for id in &day.labs {
            let lab = course.lab(id).unwrap();
            let (title, points, minutes) = (&lab.texts.title.en, lab.points(), lab.minutes);
            let expected = format!("       {id} {title}  0/{points}  {minutes} min");
            assert_eq!(lines.next(), Some(expected.as_str()));
        }
    }
    assert_eq!(lines.next(), Some(""));
    assert_eq!(lines.next(), Some("read a day:    kafka-workbook lesson DAY"));
    assert_eq!(lines.next(), Some("start a lab:   kafka-workbook lab start ID"));
}

#[test]
fn without_arguments_and_without_a_terminal_the_map_is_shown() {
    let home = Home::new();
    assert_eq!(home.run(&[]).exits(0).out, home.run(&["list"]).exits(0).out);
}

#[test]
fn the_map_as_json_has_a_learners_points_for_each_lab() {
    let list = Home::new().json(&["list"], 0);
    assert_eq!(
        (&list["course"], &list["title"]),
        (&json!("kafka"), &json!("Kafka in fifteen days"))
    );
    let days = list["days"].as_array().unwrap();
    assert_eq!(days.len(), course().days.len());
    let labs: Vec<&Value> = days.iter().flat_map(|d| d["labs"].as_array().unwrap()).collect();
    assert_eq!(labs.len(), course().labs().len());
    let lab = labs.iter().find(|lab| lab["id"] == "D01-4").unwrap();
    let expected = json!({
        "id": "D01-4", "title": "Topic lifecycle", "minutes": 15, "environment": "kraft-single",
        "max_points": 10, "best_points": 0, "passed": false, "attempts": 0, "open": false,
    });
    assert_eq!(**lab, expected);
}

#[test]
fn the_map_speaks_chinese() {
    let out = Home::new().run(&["list", "--lang", "zh"]).exits(0).out;
    assert!(
        out.contains("核心概念") && out.contains("15 分钟") && !out.contains("Foundations"),
        "{out}"
    );
}

#[test]
fn looking_writes_nothing() {
    let home = Home::new();
    for arguments in
        [&["list"][..], &["env", "list"], &["env", "status"], &["lab", "task", "D01-4"]]
    {
        home.run(arguments).exits(0);
    }
    assert!(!home.path().exists(), "{:?}", home.path());
}

#[test]
fn a_home_without_an_environment_says_so() {
    let home = Home::new();
    assert_eq!(home.run(&["env", "status"]).exits(0).out, "no environment\n");
    let nothing = json!({"schema": 1, "environment": null, "engine": null, "nodes": []});
    assert_eq!(home.json(&["env", "status"], 0), nothing);
    assert_eq!(home.json(&["env", "down"], 0), nothing);
    assert_eq!(home.json(&["env", "down", "--all"], 0), nothing);
}

#[test]
fn the_environments_of_the_course_are_listed_and_none_is_up() {
    let home = Home::new();
    let course = course();
    let names: Vec<&str> = course.environments().collect();
    let listed = home.json(&["env", "list"], 0)["environments"].clone();
    let expected: Vec<Value> = names
        .iter()
        .map(|name| json!({"environment": name, "file": format!("compose/{name}.yaml"), "up": false}))
        .collect();
    assert_eq!(listed, Value::from(expected));
    let lines: Vec<String> = names.iter().map(|name| format!("○ {name}\n")).collect();
    assert_eq!(home.run(&["env", "list"]).exits(0).out, lines.concat());
}
