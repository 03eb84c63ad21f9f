//! A lab's task, before the lab is started.

use serde_json::{Value, json};

use crate::program::Home;

#[test]
fn the_task_is_read_before_the_lab_is_started() {
    let out = Home::new().run(&["lab", "task", "D01-4"]).exits(0).out;
    assert!(out.starts_with("D01-4 Topic lifecycle\n\nYou create a topic, grow it"), "{out}");
    assert!(out.contains("  partitions · quickstart-events has 5 partitions · 3 pt\n"), "{out}");
    assert!(
        out.contains("Answer field `error`:\n  The error's name as your client prints it"),
        "{out}"
    );
    // The cluster's address is not known yet.
    assert!(out.contains("--bootstrap-server {bootstrap} --create"), "{out}");
}

#[test]
fn the_task_is_there_in_chinese_too() {
    let out = Home::new().run(&["lab", "task", "D01-4", "--lang", "zh"]).exits(0).out;
    assert!(out.starts_with("D01-4 Topic 生命周期\n\n你要建一个 topic"), "{out}");
    assert!(out.contains("  partitions · quickstart-events 有 5 个分区 · 3 分\n"), "{out}");
    assert!(out.contains("答案栏 `error`："), "{out}");
}

#[test]
fn a_lab_is_found_whatever_the_case_of_its_id() {
    let home = Home::new();
    let task = |id| home.run(&["lab", "task", id]).exits(0).out;
    assert_eq!(task("d01-4"), task("D01-4"));
}

#[test]
fn the_task_as_json_has_checks_fields_and_texts() {
    let task = Home::new().json(&["lab", "task", "D01-4"], 0);
    assert_eq!(task["lab"], "D01-4");
    assert_eq!(
        task["checks"],
        json!([
            {"id": "partitions", "title": "quickstart-events has 5 partitions", "points": 3, "needs": []},
            {"id": "grown", "title": "created with 3, grown to 5", "points": 3, "needs": []},
            {"id": "error", "title": "you name the error", "points": 1, "needs": []},
            {"id": "old-topic", "title": "old-topic is deleted", "points": 3, "needs": []},
        ])
    );
    let fields = task["fields"].as_array().unwrap();
    assert_eq!(fields.len(), 1);
    let field = &fields[0];
    assert_eq!(
        (&field["id"], &field["type"], &field["check"]),
        (&json!("error"), &json!("text"), &json!("error"))
    );
    assert_eq!(field["example"], "UNKNOWN_TOPIC_OR_PARTITION");
    assert!(field["format"].as_str().unwrap().starts_with("The error's name"), "{field}");
    assert!(field.as_object().unwrap().contains_key("choices"), "{field}");
    assert_eq!(task["texts"]["title"], "Topic lifecycle");
    assert!(task["texts"]["task"].as_str().unwrap().contains("quickstart-events"));
}

#[test]
fn json_has_the_texts_in_the_language_that_was_asked_for() {
    let task = Home::new().json(&["lab", "task", "D01-4", "--lang", "zh"], 0);
    let titles: Vec<&Value> =
        task["checks"].as_array().unwrap().iter().map(|c| &c["title"]).collect();
    assert_eq!(titles[0], "quickstart-events 有 5 个分区");
    assert_eq!(task["texts"]["title"], "Topic 生命周期");
}
