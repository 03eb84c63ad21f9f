//! A course whose lab asks for more than one answer, one of them from a list.

use std::fs;
use std::sync::Arc;

use kafka_workbook::course::{Course, Source};
use tempfile::TempDir;

/// Its lab.
pub const LAB: &str = "D01-1";

const FILES: [(&str, &str); 7] = [
    (
        "lessons/course.toml",
        "schema = 1\nid = \"choices\"\n\n[[days]]\nnumber = 1\nlabs = [\"D01-1\"]\n",
    ),
    ("lessons/course.en.md", "# title\nChoices\n\n# day 1\nA day\n\nOne lab.\n"),
    ("lessons/course.zh.md", "# title\n选择\n\n# day 1\n一天\n\n一个实验。\n"),
    ("compose/kraft-single.yaml", "services: {}\n"),
    ("labs/D01-1-choices/lab.toml", LAB_TOML),
    ("labs/D01-1-choices/task.en.md", TASK_EN),
    ("labs/D01-1-choices/task.zh.md", TASK_ZH),
];

const LAB_TOML: &str = r#"schema = 1
id = "D01-1"
minutes = 5
environment = "kraft-single"

[[fields]]
id = "leader"
type = "enum"
choices = ["controller", "broker", "both"]

[[fields]]
id = "error"
type = "text"
example = "UNKNOWN_TOPIC_OR_PARTITION"

[[checks]]
id = "error"
points = 2
kind = "error-name"
field = "error"
code = 37
"#;

const TASK_EN: &str = "# title\nTwo answers\n\n# task\nAnswer.\n\n# check error\nyou name the error\n\n# hint error 1\nRead.\n\n# hint error 2\nRead on.\n\n# hint error 3\nType it.\n\n# field leader\nWho elects the leader of a partition?\n\n# field error\nThe error's name.\n";

const TASK_ZH: &str = "# title\n两个答案\n\n# task\n请作答。\n\n# check error\n你说出错误名\n\n# hint error 1\n看。\n\n# hint error 2\n再看。\n\n# hint error 3\n输入。\n\n# field leader\n分区的 leader 由谁选出？\n\n# field error\n错误名。\n";

/// Reads it from a folder, as anybody's course is.
pub fn course() -> Arc<Course> {
    let folder = TempDir::new().expect("a folder");
    for (path, text) in FILES {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    Arc::new(Course::load(&Source::Dir(folder.path().to_owned())).expect("a course"))
}
