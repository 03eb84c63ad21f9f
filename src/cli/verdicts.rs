//! Shows what the checks say.

use serde_json::{Value, json};

use super::output::{Exit, Ink, Output};
use crate::course::Lab;
use crate::grade::verdict::{Blocker, Verdict};
use crate::lab::check::{CheckLine, Report};
use crate::lab::evidence::{Evidence, evidence, sign};
use crate::phrase;
use crate::phrase::{Lang, Phrase};

/// Writes a report and says the exit code for it.
pub fn show(lab: &Lab, report: &Report, output: &Output) -> Exit {
    if output.json {
        output.object(object(lab, report, output));
    } else {
        text(lab, report, output);
    }
    exit_of(report)
}

/// The exit code for a report.
pub fn exit_of(report: &Report) -> Exit {
    match (report.could_not_ask(), report.passed) {
        (true, _) => Exit::CouldNotAsk,
        (false, false) => Exit::Failed,
        (false, true) => Exit::Done,
    }
}

/// The report as `lab check --json` has it.
pub fn object(lab: &Lab, report: &Report, output: &Output) -> Value {
    let checks: Vec<Value> =
        report.checks.iter().map(|line| check_object(lab, line, output)).collect();
    json!({
        "lab": report.lab,
        "attempt": report.attempt,
        "points": report.points,
        "max_points": report.max_points,
        "passed": report.passed,
        "settled": report.settled,
        "elapsed_ms": u64::try_from(report.elapsed.as_millis()).unwrap_or(u64::MAX),
        "checks": checks,
    })
}

fn check_object(lab: &Lab, line: &CheckLine, output: &Output) -> Value {
    let (mut expected, mut observed, mut why) = (None, None, None);
    let mut blocked_by = Value::Null;
    match &line.verdict {
        Verdict::Passed { observed: seen } => observed = Some(seen),
        Verdict::Failed(finding) => {
            (expected, observed, why) =
                (Some(&finding.expected), Some(&finding.observed), Some(&finding.why));
        }
        Verdict::Blocked { by } => {
            blocked_by = by.iter().map(|b| blocker_object(b, output)).collect();
        }
        Verdict::Unknown { cause } => why = Some(cause),
    }
    let say = |text: Option<&Phrase>| text.map(|t| output.say(t).to_owned());
    let mistake = line.verdict.mistake();
    json!({
        "id": line.check.id,
        "verdict": line.verdict.word(),
        "points": line.points,
        "max_points": line.check.points,
        "expected": say(expected),
        "observed": say(observed),
        "why": say(why),
        "mistake": mistake,
        "hint": say(mistake.and_then(|m| lab.texts.mistake(m))),
        "blocked_by": blocked_by,
        "needs": line.check.needs,
    })
}

fn blocker_object(blocker: &Blocker, output: &Output) -> Value {
    match blocker {
        Blocker::Check { id } => json!({"kind": "check", "id": id, "need": null}),
        Blocker::Engine { need } => json!({"kind": "engine", "id": null, "need": output.say(need)}),
        Blocker::Host { need } => json!({"kind": "host", "id": null, "need": output.say(need)}),
    }
}

/// The report as text.
pub fn text(lab: &Lab, report: &Report, output: &Output) {
    let (id, points, max) = (&report.lab, report.points, report.max_points);
    let title = output.say(&lab.texts.title);
    let head = phrase!("{id} {title}  {points}/{max} pts", "{id} {title}  {points}/{max} 分");
    output.line(&output.ink(Ink::Bold, output.say(&head)));
    report.checks.iter().for_each(|line| check_text(lab, line, output));
    if report.could_not_ask() {
        let next = phrase!(
            "what could not be asked keeps its last points; see what runs: kafka-workbook env status; start it again: kafka-workbook env up",
            "无法询问的检查项保留上次的得分；查看运行情况：kafka-workbook env status；重新启动：kafka-workbook env up"
        );
        output.text(2, output.say(&next));
    }
}

/// One check of a report as text.
pub fn check_text(lab: &Lab, line: &CheckLine, output: &Output) {
    let ink = match &line.verdict {
        Verdict::Passed { .. } => Ink::Green,
        Verdict::Failed(_) => Ink::Red,
        Verdict::Blocked { .. } | Verdict::Unknown { .. } => Ink::Yellow,
    };
    let (sign, word) = sign(&line.verdict);
    let title = output.say(lab.texts.check_title(&line.check.id));
    let (points, max) = (line.points, line.check.points);
    let word = output.ink(ink, &format!("{sign} {}", word.get(output.lang)));
    output.line(&format!("  {word}  {title}  {points}/{max}"));
    for Evidence { label, text } in evidence(lab, &line.verdict) {
        let label = label.map(|label| label.get(output.lang)).unwrap_or_default();
        let text = output.say(&text);
        let lead = match output.lang {
            _ if label.is_empty() => String::new(),
            Lang::En => format!("{label:<10}"),
            Lang::Zh => format!("{label}  "),
        };
        output.text(6, &format!("{lead}{text}"));
    }
}
