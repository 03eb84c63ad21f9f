//! `kind = "compose-file"`: nothing in the learner's compose file is certain to go wrong.

use super::snapshot::Snapshot;
use super::surroundings::{FileFault, Review};
use super::verdict::{Finding, Verdict};
use crate::phrase::Phrase;

/// Whether the file that the learner works on has no fault that can be told from its text.
pub async fn check(snapshot: &Snapshot<'_>) -> Verdict {
    match snapshot.compose_file().await {
        Ok(review) => judge(&review),
        Err(cause) => Verdict::Unknown { cause },
    }
}

fn judge(review: &Review) -> Verdict {
    let (file, faults) = match review {
        Review::Missing { observed } => {
            return failed(observed.clone(), text::why_missing(), None);
        }
        Review::Unreadable { observed } => {
            return failed(observed.clone(), text::why_unreadable(), None);
        }
        Review::NotTold { file } => {
            return failed(text::not_told(file), text::why_not_told(), None);
        }
        Review::Read { file, faults } => (file, faults),
    };
    let Some(FileFault { id, why, .. }) = faults.first() else {
        return Verdict::Passed { observed: text::no_fault(file) };
    };
    failed(text::faults(faults), why.clone(), Some(id))
}

fn failed(observed: Phrase, why: Phrase, mistake: Option<&str>) -> Verdict {
    let (expected, mistake) = (text::expected(), mistake.map(str::to_owned));
    Verdict::Failed(Finding { expected, observed, why, mistake })
}

mod text {
    use super::FileFault;
    use crate::phrase;
    use crate::phrase::Phrase;
    use crate::printable;

    /// More faults than these are only counted.
    const SHOWN: usize = 3;

    pub fn expected() -> Phrase {
        phrase!(
            "a compose file without a fault that its text shows",
            "compose 文件里没有光看内容就能发现的错误"
        )
    }

    pub fn no_fault(file: &str) -> Phrase {
        let file = printable::name(file);
        phrase!("no fault to be seen in {file}", "{file} 里看不出错误")
    }

    pub fn faults(faults: &[FileFault]) -> Phrase {
        let english = |f: &FileFault| format!("line {}: {}", f.line, f.observed.en);
        let chinese = |f: &FileFault| format!("第 {} 行：{}", f.line, f.observed.zh);
        let (mut en, mut zh): (Vec<String>, Vec<String>) =
            faults.iter().take(SHOWN).map(|f| (english(f), chinese(f))).unzip();
        if let Some(more) = faults.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            en.push(format!("and {more} more"));
            zh.push(format!("另有 {more} 处"));
        }
        Phrase::new(en.join("; "), zh.join("；"))
    }

    pub fn not_told(file: &str) -> Phrase {
        let file = printable::name(file);
        phrase!("{file} starts its nodes in a way of its own", "{file} 用自己的方式启动节点")
    }

    pub fn why_not_told() -> Phrase {
        phrase!(
            "its text does not show how a node is set up: what runs from this very file has to",
            "从文件内容看不出节点的配置：要由这份文件启动起来的节点来说明"
        )
    }

    pub fn why_missing() -> Phrase {
        phrase!("the file is what the lab is about", "这个实验改的就是它")
    }

    pub fn why_unreadable() -> Phrase {
        phrase!("Compose could not bring it up either", "Compose 也无法启动它")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_fault_is_the_mistake_and_the_others_are_told_with_their_lines() {
        let fault = |id: &str, line| FileFault {
            id: id.to_owned(),
            line,
            observed: Phrase::same(id),
            why: Phrase::same("why"),
        };
        let faults = (1..=5).map(|line| fault(&format!("fault-{line}"), line)).collect();
        let Verdict::Failed(finding) = judge(&Review::Read { file: "f".to_owned(), faults }) else {
            panic!("a file with faults passes")
        };
        assert_eq!(finding.mistake.as_deref(), Some("fault-1"));
        assert_eq!(
            finding.observed.en,
            "line 1: fault-1; line 2: fault-2; line 3: fault-3; and 2 more"
        );
    }

    #[test]
    fn only_a_file_that_was_read_and_has_no_fault_passes() {
        let words = || Phrase::same("-");
        assert!(judge(&Review::Read { file: "f".to_owned(), faults: Vec::new() }).passed());
        assert!(!judge(&Review::Missing { observed: words() }).passed());
        assert!(!judge(&Review::Unreadable { observed: words() }).passed());
    }
}
