//! `kafka-workbook doctor`

use serde_json::{Value, json};
use unicode_width::UnicodeWidthStr as _;

use super::output::{Exit, Ink, Output};
use crate::lab::Workbook;
use crate::lab::doctor::{Checkup, Finding, Level, Standing, examine};
use crate::markdown::{self, Face};
use crate::phrase;
use crate::phrase::{Phrase, Words};
use crate::problem::Problem;

/// Blanks between two columns.
const GAP: usize = 2;

/// Looks at the machine and says what it has found. Nothing is changed.
pub async fn doctor(workbook: &Workbook, output: &Output) -> Result<Exit, Problem> {
    let checkup = examine(workbook).await?;
    if output.json {
        output.object(object(&checkup, output));
    } else {
        text(&checkup, output);
    }
    Ok(if checkup.ready() { Exit::Done } else { Exit::Failed })
}

fn object(checkup: &Checkup, output: &Output) -> Value {
    let say = |phrase: &Phrase| output.say(phrase).to_owned();
    let finding = |finding: &Finding| {
        json!({
            "id": finding.id,
            "level": finding.level.word(),
            "subject": finding.subject.word(),
            "message": say(&finding.message),
            "hint": finding.hint.as_ref().map(say),
        })
    };
    let engine = |engine: &Standing| {
        json!({
            "name": engine.kind.name(),
            "ready": engine.ready,
            "taken": engine.taken,
            "why": say(&engine.why),
        })
    };
    json!({
        "findings": checkup.findings.iter().map(finding).collect::<Vec<_>>(),
        "engines": checkup.engines.iter().map(engine).collect::<Vec<_>>(),
        "ready": checkup.ready(),
    })
}

fn text(checkup: &Checkup, output: &Output) {
    let leads: Vec<[&str; 2]> = checkup
        .findings
        .iter()
        .map(|finding| {
            let (_, word) = finding.level.sign();
            [word.get(output.lang), finding.subject.label().get(output.lang)]
        })
        .collect();
    let widths = widths_of(&leads);
    for (finding, [word, subject]) in checkup.findings.iter().zip(leads) {
        let (sign, _) = finding.level.sign();
        let sign = output.ink(ink_of(finding.level), sign);
        let lead = Lead::new(&sign, [word, subject], widths);
        lead.with(output.say(&finding.message), output);
        if let Some(hint) = &finding.hint {
            lead.below(&format!("→ {}", output.say(hint)), output);
        }
    }
    output.line("");
    output.line(&output.ink(Ink::Bold, ENGINES.get(output.lang)));
    let leads: Vec<[&str; 2]> = checkup
        .engines
        .iter()
        .map(|engine| [standing_of(engine).get(output.lang), engine.kind.name()])
        .collect();
    let widths = widths_of(&leads);
    for (engine, [word, name]) in checkup.engines.iter().zip(leads) {
        let (sign, ink) = if engine.taken { ("✓", Ink::Green) } else { ("–", Ink::Yellow) };
        let lead = Lead::new(&output.ink(ink, sign), [word, name], widths);
        lead.with(output.say(&engine.why), output);
    }
    output.line("");
    output.text(0, output.say(&conclusion(checkup)));
}

/// The widest text of each column.
fn widths_of(leads: &[[&str; 2]]) -> [usize; 2] {
    [0, 1].map(|column| leads.iter().map(|lead| lead[column].width()).max().unwrap_or(0))
}

const fn ink_of(level: Level) -> Ink {
    match level {
        Level::Ok => Ink::Green,
        Level::Note => Ink::Yellow,
        Level::Problem => Ink::Red,
    }
}

const fn standing_of(engine: &Standing) -> Words {
    match (engine.taken, engine.ready) {
        (true, _) => Words::new("taken", "采用"),
        (false, true) => Words::new("in reserve", "备用"),
        (false, false) => Words::new("not taken", "不采用"),
    }
}

fn conclusion(checkup: &Checkup) -> Phrase {
    let problems = checkup.findings.iter().filter(|finding| finding.level == Level::Problem);
    let problems = problems.count();
    match (checkup.ready(), problems) {
        (true, _) => phrase!(
            "The course's clusters run here. Try it: kafka-workbook tour",
            "课程的集群可以在本机运行。试一试：kafka-workbook tour"
        ),
        (false, 1) => phrase!(
            "1 problem keeps clusters from running; what to do stands below it.",
            "有 1 个问题使集群无法运行，解决办法写在它下面。"
        ),
        (false, problems) => phrase!(
            "{problems} problems keep clusters from running; what to do stands below each.",
            "有 {problems} 个问题使集群无法运行，解决办法写在各项下面。"
        ),
    }
}

/// What stands before a text: sign, word, name.
struct Lead {
    text: String,
    columns: usize,
}

impl Lead {
    fn new(sign: &str, words: [&str; 2], widths: [usize; 2]) -> Self {
        let mut text = format!("{sign} ");
        for (word, width) in words.into_iter().zip(widths) {
            text.push_str(word);
            text.push_str(&" ".repeat(width - word.width() + GAP));
        }
        Self { text, columns: 2 + widths.iter().map(|width| width + GAP).sum::<usize>() }
    }

    fn with(&self, words: &str, output: &Output) {
        self.lines(&self.text, words, output);
    }

    fn below(&self, words: &str, output: &Output) {
        self.lines(&" ".repeat(self.columns), words, output);
    }

    /// What can be copied, a path or a command's word, stays in one piece.
    fn lines(&self, first: &str, words: &str, output: &Output) {
        let width = output.text_width().saturating_sub(self.columns).max(self.columns);
        let lines = words.lines().flat_map(|line| markdown::wrap_whole(line, Face::Text, width));
        let margin = " ".repeat(self.columns);
        for (index, line) in lines.enumerate() {
            let lead = if index == 0 { first } else { &margin };
            output.line(&format!("{lead}{}", line.text()));
        }
    }
}

const ENGINES: Words =
    Words::new("Engines, as --engine auto asks them", "引擎（--engine auto 的顺序）");
