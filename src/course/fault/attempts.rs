//! What `course check` finds in the attempts of a course whose files are well-formed.

use crate::phrase;
use crate::phrase::Phrase;

use super::Told;

/// A rule about attempts that is broken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::course) enum AttemptFault {
    Missing {
        kind: &'static str,
    },
    MistakesTooFew {
        found: usize,
        least: usize,
    },
    /// `engine` is none for the verdicts that hold on every engine.
    NotPassed {
        kind: &'static str,
        check: String,
        engine: Option<String>,
    },
    PassedUnearned {
        kind: &'static str,
        check: String,
        engine: Option<String>,
    },
    PointsDiffer {
        check: String,
        stated: u32,
        due: u32,
    },
    NotBlocked {
        check: String,
        need: String,
    },
    NothingFails,
    MistakeUnasserted {
        mistake: String,
    },
    NeverFailsAlone {
        check: String,
    },
}

impl AttemptFault {
    pub(in crate::course) fn told(&self) -> Told {
        match self {
            Self::Missing { kind } => Told::new(
                "attempt-missing",
                phrase!("no attempt of kind {kind}", "没有 {kind} 类型的尝试"),
                phrase!("add a folder under attempts/", "请在 attempts/ 下添加一个目录"),
            ),
            Self::MistakesTooFew { found, least } => Told::new(
                "mistakes-too-few",
                phrase!(
                    "{found} attempts of kind mistake, expected at least {least}",
                    "mistake 类型的尝试有 {found} 个，至少要 {least} 个"
                ),
                phrase!("add attempts that go wrong as learners do", "请按学习者会犯的错添加尝试"),
            ),
            Self::NotPassed { kind, check, engine } => Told::new(
                "not-passed",
                on_engine(
                    engine.as_deref(),
                    &phrase!(
                        "{check} does not pass in the attempt of kind {kind}",
                        "{kind} 类型的尝试没有通过 {check}"
                    ),
                ),
                phrase!(
                    "such an attempt passes every check; an engine may only block one",
                    "这类尝试必须通过全部检查项；某个引擎最多只能让检查项受阻（blocked）"
                ),
            ),
            Self::PassedUnearned { kind, check, engine } => Told::new(
                "passed-unearned",
                on_engine(
                    engine.as_deref(),
                    &phrase!(
                        "{check} passes in the attempt of kind {kind}",
                        "{kind} 类型的尝试通过了 {check}"
                    ),
                ),
                phrase!(
                    "who did nothing earns nothing: mend the check",
                    "什么都没做就不该得分：请改检查项"
                ),
            ),
            Self::PointsDiffer { check, stated, due } => Told::new(
                "points-differ",
                phrase!(
                    "{check} earns {due} points here, not {stated}",
                    "{check} 在这里得 {due} 分，不是 {stated} 分"
                ),
                phrase!(
                    "a passed check earns its points, any other 0",
                    "通过得满分，其他一律 0 分"
                ),
            ),
            Self::NotBlocked { check, need } => Told::new(
                "not-blocked",
                phrase!(
                    "{check} waits for {need}, which does not pass here",
                    "{check} 要等 {need} 通过，而 {need} 在这里没有通过"
                ),
                phrase!("set verdict = \"blocked\"", "请改为 verdict = \"blocked\""),
            ),
            Self::NothingFails => Told::new(
                "nothing-fails",
                phrase!(
                    "an attempt of kind mistake fails no check",
                    "mistake 类型的尝试没有任何检查项失败"
                ),
                phrase!(
                    "state what fails, or call it an alternative",
                    "请写明哪项失败，或改为 alternative"
                ),
            ),
            Self::MistakeUnasserted { mistake } => Told::new(
                "mistake-unasserted",
                phrase!(
                    "no attempt makes the mistake {mistake}",
                    "没有尝试会触发典型错误 {mistake}"
                ),
                phrase!(
                    "add an attempt with mistake = \"{mistake}\"",
                    "请添加一个带 mistake = \"{mistake}\" 的尝试"
                ),
            ),
            Self::NeverFailsAlone { check } => Told::new(
                "never-fails-alone",
                phrase!(
                    "no attempt fails {check} while every check that does not wait for it passes",
                    "没有尝试只让 {check} 失败，而不依赖它的检查项全部通过"
                ),
                phrase!(
                    "add an attempt of kind mistake that is right but for this",
                    "请添加一个只错在这一点上的 mistake 尝试"
                ),
            ),
        }
    }
}

fn on_engine(engine: Option<&str>, message: &Phrase) -> Phrase {
    let Phrase { en, zh } = message;
    match engine {
        Some(engine) => phrase!("{en} on {engine}", "{zh}（引擎 {engine}）"),
        None => message.clone(),
    }
}
