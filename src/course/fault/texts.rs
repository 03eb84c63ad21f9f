//! What `course check` finds in the texts of a course whose files are well-formed.

use crate::phrase;

use super::Told;

/// A rule about texts that is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::course) enum TextFault {
    Missing {
        section: String,
    },
    Unused {
        section: String,
    },
    HeadingsDiffer,
    BlockCountDiffers {
        here: usize,
        there: usize,
    },
    /// `other` is the place of the block in the other language.
    BlockDiffers {
        other: String,
    },
    UnknownPlaceholder {
        name: String,
    },
    TooWide {
        columns: usize,
        most: usize,
    },
    HintNotRunnable {
        check: String,
    },
    HintGivesAway {
        shared: usize,
    },
    FieldUnread {
        field: String,
    },
}

impl TextFault {
    pub(in crate::course) fn told(&self) -> Told {
        match self {
            Self::Missing { section } => Told::new(
                "text-missing",
                phrase!(
                    "the section \"# {section}\" is missing or empty",
                    "缺少「# {section}」一节，或内容为空"
                ),
                phrase!("write it in both languages", "请用两种语言都写上"),
            ),
            Self::Unused { section } => Told::new(
                "text-unused",
                phrase!(
                    "nothing in the course shows \"# {section}\"",
                    "课程里没有用到「# {section}」"
                ),
                phrase!(
                    "mend the id: checks and fields are in lab.toml, mistakes belong to check kinds",
                    "请改正 id：检查项和字段见 lab.toml，典型错误由检查类型决定"
                ),
            ),
            Self::HeadingsDiffer => Told::new(
                "headings-differ",
                phrase!(
                    "the headings below this one differ in number or level between the languages",
                    "这一节之下的小标题，两种语言的数目或级别不同"
                ),
                phrase!("give both languages the same headings", "请让两种语言的标题一致"),
            ),
            Self::BlockCountDiffers { here, there } => Told::new(
                "blocks-differ",
                phrase!(
                    "{here} code blocks in this section, {there} in the other language",
                    "这一节有 {here} 个代码块，另一种语言有 {there} 个"
                ),
                phrase!("give both languages the same blocks", "请让两种语言的代码块一致"),
            ),
            Self::BlockDiffers { other } => Told::new(
                "blocks-differ",
                phrase!(
                    "this block differs from the one at {other}",
                    "这个代码块和 {other} 处的不同"
                ),
                phrase!(
                    "copy it byte by byte; in text diagrams words may differ, their number of lines may not",
                    "请逐字节复制；文本图里的文字可以不同，行数必须相同"
                ),
            ),
            Self::UnknownPlaceholder { name } => Told::new(
                "unknown-placeholder",
                phrase!("nothing stands for {{{name}}}", "没有 {{{name}}} 这个占位符"),
                phrase!(
                    "known are {{bootstrap}}, {{controller}}, {{zookeeper}} and issued values such as {{TOPIC}}",
                    "可用的有 {{bootstrap}}、{{controller}}、{{zookeeper}}，以及下发的值，如 {{TOPIC}}"
                ),
            ),
            Self::TooWide { columns, most } => Told::new(
                "too-wide",
                phrase!("this line takes {columns} columns", "这一行占 {columns} 列"),
                phrase!("diagrams are at most {most} columns wide", "文本图最多 {most} 列宽"),
            ),
            Self::HintNotRunnable { check } => Told::new(
                "hint-not-runnable",
                phrase!(
                    "the third hint for {check} has no block that can be run as it stands",
                    "检查项 {check} 的第 3 级提示里没有可直接运行的代码块"
                ),
                phrase!("add a block ```console run", "请添加 ```console run 代码块"),
            ),
            Self::HintGivesAway { shared } => Told::new(
                "hint-gives-away",
                phrase!(
                    "this hint shares {shared} or more characters with the third tier or the solution",
                    "这级提示与第 3 级提示或参考答案有 {shared} 个以上连续字符相同"
                ),
                phrase!("say where to look, not what to type", "请说明往哪里看，不要写出答案"),
            ),
            Self::FieldUnread { field } => Told::new(
                "field-unread",
                phrase!("no check reads the field {field}", "没有检查项读取字段 {field}"),
                phrase!("remove it or add a check for it", "请删掉它，或添加读取它的检查项"),
            ),
        }
    }
}
