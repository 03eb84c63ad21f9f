//! What can be wrong with the files as such: missing, unreadable, headings that name nothing.

use crate::phrase;

use super::Told;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::course) enum FileFault {
    /// `cause` is the system's.
    Unreadable {
        cause: String,
    },
    Link,
    Missing,
    NotUtf8,
    /// A file in a lab's folder that the format does not know.
    Unknown,
    UnknownHeading {
        found: String,
        known: &'static str,
    },
    TextBeforeHeading,
    ScriptMissing,
    ScriptUnexpected,
    ScriptWithoutInterpreter,
}

impl FileFault {
    pub(in crate::course) fn told(&self) -> Told {
        match self {
            Self::Unreadable { cause } => Told::new(
                "unreadable",
                phrase!("cannot be read: {cause}", "无法读取：{cause}"),
                phrase!(
                    "a course is a folder with lessons/, labs/ and compose/ that you may read",
                    "课程是一个目录，内含 lessons/、labs/、compose/，并且你有读取权限"
                ),
            ),
            Self::Link => Told::new(
                "link",
                phrase!("neither a file nor a folder", "既不是文件也不是目录"),
                phrase!("put a copy in the place of the link", "请用副本替换链接"),
            ),
            Self::Missing => Told::new(
                "file-missing",
                phrase!("this file is missing", "缺少这个文件"),
                phrase!("add it, or remove what asks for it", "请补上它，或删掉用到它的地方"),
            ),
            Self::NotUtf8 => Told::new(
                "not-utf8",
                phrase!("not UTF-8 from here on", "从这里开始不是 UTF-8"),
                phrase!("save the file as UTF-8", "请把文件存为 UTF-8"),
            ),
            Self::Unknown => Told::new(
                "unknown-file",
                phrase!(
                    "the course has no use for a file of this name",
                    "课程用不到这个名字的文件"
                ),
                phrase!(
                    "a lab holds lab.toml, task.en.md, task.zh.md, starter/… and attempts/NAME/…",
                    "实验目录里只有 lab.toml、task.en.md、task.zh.md、starter/… 和 attempts/名字/…"
                ),
            ),
            Self::UnknownHeading { found, known } => Told::new(
                "unknown-heading",
                phrase!(
                    "\"# {found}\" names no section; known are {known}",
                    "「# {found}」不是小节名；可用的有 {known}"
                ),
                phrase!(
                    "write an id as in the example, or use a heading of level 2",
                    "请照例子写出 id，或改用二级标题"
                ),
            ),
            Self::TextBeforeHeading => Told::new(
                "text-before-heading",
                phrase!(
                    "text before the first heading is shown nowhere",
                    "第一个标题之前的文字不会显示"
                ),
                phrase!("move it under a heading", "请移到某个标题之下"),
            ),
            Self::ScriptMissing => Told::new(
                "script-missing",
                phrase!("an attempt of this kind needs a script", "这种尝试需要脚本"),
                phrase!(
                    "add the file run beside attempt.toml",
                    "请在 attempt.toml 旁边添加文件 run"
                ),
            ),
            Self::ScriptUnexpected => Told::new(
                "script-unexpected",
                phrase!("an attempt of this kind has no script", "这种尝试不带脚本"),
                phrase!(
                    "remove the file, or change the kind in attempt.toml",
                    "请删除此文件，或改 attempt.toml 里的 kind"
                ),
            ),
            Self::ScriptWithoutInterpreter => Told::new(
                "script-without-interpreter",
                phrase!(
                    "the first line of a script names its interpreter",
                    "脚本第一行要写明解释器"
                ),
                phrase!("begin it with #!/usr/bin/env bash", "请以 #!/usr/bin/env bash 开头"),
            ),
        }
    }
}
