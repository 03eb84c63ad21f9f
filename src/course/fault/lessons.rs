//! What can be wrong with a lesson.

use crate::phrase;

use super::Told;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::course) enum LessonFault {
    /// A file in a folder below lessons/ that the format does not know.
    UnknownFile,
    /// A heading that is not a title with an id.
    HeadingForm {
        found: String,
    },
    NoSections,
    /// `there` is the id of the section that stands here in the other language.
    OrderDiffers {
        there: String,
    },
    SkipsTooMany {
        blocks: usize,
        skipped: usize,
        most: usize,
    },
}

impl LessonFault {
    pub(in crate::course) fn told(&self) -> Told {
        match self {
            Self::UnknownFile => Told::new(
                "unknown-file",
                phrase!(
                    "the course has no use for a file of this name",
                    "课程用不到这个名字的文件"
                ),
                phrase!(
                    "the lesson of day 1 is lessons/day-01/ with lesson.toml, en.md and zh.md",
                    "第 1 天的课文在 lessons/day-01/ 里：lesson.toml、en.md、zh.md"
                ),
            ),
            Self::HeadingForm { found } => Told::new(
                "heading-form",
                phrase!(
                    "\"# {found}\" is not a title followed by an id",
                    "「# {found}」不是「标题 + id」的形式"
                ),
                phrase!(
                    "write # What is a log? {{#log}}, with the same id in both languages, or use a heading of level 2",
                    "请写成 # 什么是日志？ {{#log}}，两种语言用同一个 id，或改用二级标题"
                ),
            ),
            Self::NoSections => Told::new(
                "lesson-empty",
                phrase!("this lesson has no section", "这篇课文一节也没有"),
                phrase!(
                    "write a heading such as # What is a log? {{#log}}, and text below it",
                    "请写上标题，如 # 什么是日志？ {{#log}}，以及正文"
                ),
            ),
            Self::OrderDiffers { there } => Told::new(
                "sections-differ",
                phrase!(
                    "in the other language {{#{there}}} stands in the place of this section",
                    "在另一种语言里，这个位置是 {{#{there}}} 一节"
                ),
                phrase!("give both languages the same order", "请让两种语言的顺序一致"),
            ),
            Self::SkipsTooMany { blocks, skipped, most } => Told::new(
                "skips-too-many",
                phrase!(
                    "{skipped} of this lesson's {blocks} blocks are never tried; {most} may be",
                    "这篇课文的 {blocks} 个代码块里有 {skipped} 个从不运行，最多允许 {most} 个"
                ),
                phrase!(
                    "make this block one that runs; skip is for the internet and other systems",
                    "请让这个代码块能够运行；skip 只用于要联网或属于其他系统的命令"
                ),
            ),
        }
    }
}
