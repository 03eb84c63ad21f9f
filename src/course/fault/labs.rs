//! What can be wrong with a lab or the list of days, each file being well-formed by itself.

use crate::phrase;
use crate::printable;

use super::Told;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::course) enum LabFault {
    FolderName {
        id: String,
    },
    InNoDay {
        id: String,
    },
    /// The checks in a ring, each needing the next, the first repeated at the end.
    NeedsCycle {
        ring: Vec<String>,
    },
    TopicNotSeeded {
        topic: String,
    },
    NoGrowth {
        created_with: u32,
        grown_to: u32,
    },
    SeedPasses {
        topic: String,
    },
    NoError,
    BadZnode {
        found: String,
    },
    BadValueName {
        found: String,
    },
    TooFewKeys {
        keys: u32,
        partitions: u32,
    },
    ChoicesMissing,
    ChoicesUnused,
    ExampleNoChoice {
        example: String,
    },
    CheckNotStated {
        check: String,
    },
    MistakeWithoutFailure {
        verdict: &'static str,
    },
}

impl LabFault {
    pub(in crate::course) fn told(&self) -> Told {
        match self {
            Self::FolderName { id } => Told::new(
                "folder-name",
                phrase!(
                    "the folder of the lab {id} is not named {id}-something",
                    "实验 {id} 的目录名不是「{id}-说明」的形式"
                ),
                phrase!("rename the folder or mend the id", "请改目录名或改 id"),
            ),
            Self::InNoDay { id } => Told::new(
                "lab-in-no-day",
                phrase!("no day lists the lab {id}", "没有哪一天列出实验 {id}"),
                phrase!(
                    "add it to a day's labs in lessons/course.toml",
                    "请把它加入 lessons/course.toml 中某一天的 labs"
                ),
            ),
            Self::NeedsCycle { ring } => needs_cycle(ring),
            Self::TopicNotSeeded { topic } => Told::new(
                "topic-not-seeded",
                phrase!(
                    "the seed makes no topic \"{topic}\", so it is absent before anyone deletes it",
                    "种子里没有 topic「{topic}」，它一开始就不存在，谈不上被删除"
                ),
                phrase!("add it under [[seed.topics]]", "请在 [[seed.topics]] 里添加它"),
            ),
            Self::NoGrowth { created_with, grown_to } => Told::new(
                "no-growth",
                phrase!(
                    "from {created_with} to {grown_to} partitions is no growth",
                    "从 {created_with} 个分区到 {grown_to} 个分区不是增长"
                ),
                phrase!(
                    "grown_to must be more than created_with",
                    "grown_to 必须大于 created_with"
                ),
            ),
            Self::SeedPasses { topic } => Told::new(
                "seed-passes",
                phrase!(
                    "the seed already makes \"{topic}\" as this check asks for it",
                    "种子创建的「{topic}」已经满足这个检查项"
                ),
                phrase!("ask for a state that takes work", "请检查一个需要动手才能达到的状态"),
            ),
            Self::BadValueName { found } => bad_value_name(found),
            Self::TooFewKeys { keys, partitions } => too_few_keys(*keys, *partitions),
            Self::BadZnode { found } => bad_znode(found),
            Self::NoError => Told::new(
                "no-error",
                phrase!("the code 0 is NONE, not an error", "错误码 0 是 NONE，不是错误"),
                phrase!("give the code of an error", "请填写某个错误的错误码"),
            ),
            Self::ChoicesMissing => Told::new(
                "choices-missing",
                phrase!(
                    "a field of type enum needs at least two choices",
                    "enum 字段至少要有两个选项"
                ),
                phrase!("add choices = [\"…\", \"…\"]", "请添加 choices = [\"…\", \"…\"]"),
            ),
            Self::ChoicesUnused => Told::new(
                "choices-unused",
                phrase!("a field of type text has no choices", "text 字段没有选项"),
                phrase!("remove them or set type = \"enum\"", "请删掉选项，或改为 type = \"enum\""),
            ),
            Self::ExampleNoChoice { example } => Told::new(
                "example-no-choice",
                phrase!(
                    "the example \"{example}\" is none of the choices",
                    "例子「{example}」不在选项中"
                ),
                phrase!("use one of the choices as the example", "请用其中一个选项作例子"),
            ),
            Self::CheckNotStated { check } => Told::new(
                "check-not-stated",
                phrase!(
                    "the verdict of the check {check} is not stated",
                    "没有写明检查项 {check} 的判定"
                ),
                phrase!(
                    "add [checks.{check}] with verdict and points",
                    "请添加 [checks.{check}]，写上 verdict 和 points"
                ),
            ),
            Self::MistakeWithoutFailure { verdict } => Told::new(
                "mistake-without-failure",
                phrase!(
                    "a check that is {verdict} names no mistake",
                    "判定为 {verdict} 的检查项不会指出典型错误"
                ),
                phrase!(
                    "remove the mistake or set verdict = \"failed\"",
                    "请删掉 mistake，或改为 verdict = \"failed\""
                ),
            ),
        }
    }
}

fn bad_value_name(found: &str) -> Told {
    let found = printable::name(found);
    Told::new(
        "bad-value-name",
        phrase!("\"{found}\" cannot name an issued value", "「{found}」不能作为发放值的名字"),
        phrase!(
            "take upper case letters, digits and _, and none of the shell's own or KAFKA_… variables",
            "用大写字母、数字和 _，不要用 shell 自己的变量或 KAFKA_… 开头"
        ),
    )
}

fn too_few_keys(keys: u32, partitions: u32) -> Told {
    Told::new(
        "too-few-keys",
        phrase!(
            "{keys} keys seldom reach all of {partitions} partitions with every partitioner",
            "{keys} 个 key 很难用每种分区器都覆盖 {partitions} 个分区"
        ),
        phrase!("issue at least five keys a partition", "每个分区至少发放五个 key"),
    )
}

fn bad_znode(found: &str) -> Told {
    let found = printable::name(found);
    Told::new(
        "bad-znode",
        phrase!("\"{found}\" is no path of a znode", "「{found}」不是 znode 的路径"),
        phrase!(
            "write it from the root, without a slash at its end: \"/brokers/ids\"",
            "请从根写起，末尾不带斜杠：\"/brokers/ids\""
        ),
    )
}

fn needs_cycle(ring: &[String]) -> Told {
    let ring = ring.join(" → ");
    Told::new(
        "needs-cycle",
        phrase!("these checks wait for each other: {ring}", "这些检查项互相等待：{ring}"),
        phrase!("remove one of the needs", "请去掉其中一个 needs"),
    )
}
