//! The progress log.

use super::{Finding, Level, Subject};
use crate::lab::Workbook;
use crate::phrase::Phrase;
use crate::problem::Explain as _;
use crate::progress::Progress;

/// What there is to say.
pub fn findings(workbook: &Workbook) -> Vec<Finding> {
    let standing = match workbook.progress.standing() {
        Ok(standing) => standing,
        Err(e) => return vec![Finding::of(e.problem(), Level::Problem, Subject::Progress)],
    };
    let warnings = standing.warnings(workbook.progress.path());
    if warnings.is_empty() {
        return vec![Finding::ok("progress", Subject::Progress, text::whole(&standing.progress))];
    }
    warnings
        .into_iter()
        .map(|warning| Finding::of(warning, Level::Note, Subject::Progress))
        .collect()
}

mod text {
    use super::{Phrase, Progress};
    use crate::phrase;

    pub fn whole(progress: &Progress) -> Phrase {
        let labs = progress.labs.len();
        if labs == 0 {
            return phrase!("nothing is recorded yet", "还没有任何记录");
        }
        phrase!(
            "every line can be read; labs begun: {labs}",
            "每一行都能读取；开始过的实验：{labs} 个"
        )
    }
}
