//! What a learner is told of a log that is not all there.

use std::path::Path;

use super::reading::DamagedLine;
use super::standing::Standing;
use crate::problem::Problem;

/// More stretches of damaged lines than these are counted, not listed.
const LISTED: usize = 4;

/// Damaged lines that follow each other and have the same fault.
struct Stretch<'a> {
    first: &'a DamagedLine,
    last: usize,
}

impl Standing {
    /// What of the log at `path` does not count, and what to do about it; nothing where all does.
    /// None of it keeps anybody from going on.
    pub fn warnings(&self, path: &Path) -> Vec<Problem> {
        let damaged = (!self.damaged.is_empty()).then(|| text::damaged(&self.damaged, path));
        let unknown = (self.unknown > 0).then(|| text::unknown(self.unknown, path));
        damaged.into_iter().chain(unknown).collect()
    }
}

fn stretches(damaged: &[DamagedLine]) -> Vec<Stretch<'_>> {
    let mut stretches: Vec<Stretch<'_>> = Vec::new();
    for line in damaged {
        match stretches.last_mut() {
            Some(open) if open.last + 1 == line.line && open.first.why == line.why => {
                open.last = line.line;
            }
            _ => stretches.push(Stretch { first: line, last: line.line }),
        }
    }
    stretches
}

/// What is said of a log that was changed by another program while this one had it in view.
pub fn rewritten(path: &Path) -> Problem {
    text::rewritten(path)
}

mod text {
    use std::path::Path;

    use super::{DamagedLine, LISTED, Stretch, stretches};
    use crate::phrase;
    use crate::phrase::Phrase;
    use crate::problem::Problem;

    pub(super) fn damaged(damaged: &[DamagedLine], path: &Path) -> Problem {
        let (count, path) = (damaged.len(), path.display());
        let lines = if count == 1 { "line" } else { "lines" };
        let Phrase { en, zh } = which(&stretches(damaged));
        Problem::warning(
            "progress-damaged",
            phrase!(
                "{count} {lines} of your progress cannot be read: {en}; all others count; the file is {path}",
                "学习进度有 {count} 行无法读取：{zh}；其余各行照常计入；文件是 {path}"
            ),
            phrase!(
                "go on as before; to get them back, restore the file from a copy; to hear no more of it, delete these lines",
                "可以照常继续；要找回它们，请用备份恢复这个文件；不想再看到这条提示，就删掉这些行"
            ),
        )
    }

    fn which(stretches: &[Stretch<'_>]) -> Phrase {
        let (mut en, mut zh) = (Vec::new(), Vec::new());
        for Stretch { first, last } in stretches.iter().take(LISTED) {
            let (why, from) = (first.why.phrase(), first.line);
            if from == *last {
                en.push(format!("{from} ({})", why.en));
                zh.push(format!("第 {from} 行（{}）", why.zh));
            } else {
                en.push(format!("{from} to {last} ({})", why.en));
                zh.push(format!("第 {from}–{last} 行（{}）", why.zh));
            }
        }
        let beyond = stretches.len().saturating_sub(LISTED);
        if beyond > 0 {
            en.push(format!("and {beyond} more places"));
            zh.push(format!("另有 {beyond} 处"));
        }
        Phrase::new(en.join(", "), zh.join("、"))
    }

    pub(super) fn unknown(count: usize, path: &Path) -> Problem {
        let path = path.display();
        Problem::warning(
            "progress-unknown-events",
            phrase!(
                "a newer kafka-workbook has recorded what this one does not know, {count} times; it is kept and does not count here; the file is {path}",
                "较新的 kafka-workbook 记录了 {count} 项这个程序不认识的内容；它们会保留，但在这里不计入；文件是 {path}"
            ),
            phrase!("use the newer kafka-workbook", "请用较新的 kafka-workbook"),
        )
    }

    pub(super) fn rewritten(path: &Path) -> Problem {
        let path = path.display();
        Problem::warning(
            "progress-rewritten",
            phrase!(
                "{path} was shortened, edited or replaced by another program; only what it holds now counts",
                "{path} 被其他程序截短、改动或替换了；现在只计入其中现有的内容"
            ),
            phrase!(
                "kafka-workbook only ever adds to this file; if something is missing (a sync tool, a clean-up), restore it from a copy",
                "kafka-workbook 只会在这个文件末尾追加；如果内容少了（同步工具、清理程序），请用备份恢复"
            ),
        )
    }
}
