//! `kafka-workbook lab …`

use std::ffi::OsString;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::args::{Lab as LabCommand, Start};
use super::markdown::markdown;
use super::output::{Exit, Ink, Output, Progress};
use super::{cancellable, host, verdicts};
use crate::course::{Cluster as Starts, Lab, substitute};
use crate::engine::store;
use crate::lab::begun::Started;
use crate::lab::host::check;
use crate::lab::{Workbook, answer, hint, shell, start, stop, values};
use crate::phrase;
use crate::phrase::Phrase;
use crate::problem::Problem;

/// Runs one of the commands, apart from the shell.
pub async fn run(
    workbook: &Workbook,
    command: LabCommand,
    output: &Output,
) -> Result<Exit, Problem> {
    match command {
        LabCommand::Start(command) => begin(workbook, command, output).await,
        LabCommand::Reset(mut command) => {
            let lab = workbook.lab(&command.id)?;
            command.up.engine = start::as_before(workbook, lab, command.up.engine)?;
            begin(workbook, command, output).await
        }
        LabCommand::Task { id } => task(workbook, workbook.lab(&id)?, output),
        LabCommand::Check { id, wait } => {
            let lab = workbook.lab(&id)?;
            let report = check(workbook, lab, wait.map(Duration::from_secs)).await?;
            Ok(verdicts::show(lab, &report, output))
        }
        LabCommand::Answer { id, field, value } => {
            let lab = workbook.lab(&id)?;
            answer::answer(workbook, lab, &field, &value)?;
            stored(lab, &field, output);
            Ok(Exit::Done)
        }
        LabCommand::Watch { id } => host::watch(workbook, workbook.lab(&id)?, output).await,
        LabCommand::Run { id } => host::run(workbook, workbook.lab(&id)?, output).await,
        LabCommand::Hint { id, check } => {
            hint_for(workbook, workbook.lab(&id)?, check.as_deref(), output)
        }
        LabCommand::Stop { id } => end(workbook, workbook.lab(&id)?, output).await,
        LabCommand::Shell { .. } => Ok(Exit::Done),
    }
}

/// The shell, to be executed in place of this program.
pub fn shell(workbook: &Workbook, id: &str, command: &[OsString]) -> Result<Command, Problem> {
    let lab = workbook.lab(id)?;
    if command.is_empty() {
        shell::interactive(workbook, lab)
    } else {
        shell::command(workbook, lab, command)
    }
}

async fn begin(workbook: &Workbook, command: Start, output: &Output) -> Result<Exit, Problem> {
    let lab = workbook.lab(&command.id)?;
    let progress = Arc::new(Progress::new(output));
    let timeout = Duration::from_secs(command.up.timeout);
    let work =
        start::start(workbook, lab, command.up.engine, timeout, Arc::clone(&progress) as Arc<_>);
    let started = cancellable(&progress, work).await?;
    if output.json {
        output.object(started_json(lab, &started));
    } else {
        started_text(lab, &started, output);
    }
    Ok(Exit::Done)
}

fn started_json(lab: &Lab, started: &Started) -> serde_json::Value {
    let nodes: Vec<_> = started
        .cluster
        .nodes
        .iter()
        .map(|n| json!({"name": n.name, "address": n.dialled_at()}))
        .collect();
    let zookeepers = started.cluster.zookeepers();
    let zookeeper = (!zookeepers.is_empty()).then(|| zookeepers.join(","));
    json!({
        "lab": lab.id,
        "attempt": started.attempt,
        "nonce": started.nonce,
        "engine": started.cluster.engine.name(),
        "environment": started.cluster.environment,
        "bootstrap_servers": started.cluster.bootstrap_servers(),
        "zookeeper": zookeeper,
        "workspace": started.workspace,
        "nodes": nodes,
        "values": started.values,
    })
}

fn started_text(lab: &Lab, started: &Started, output: &Output) {
    let (id, attempt) = (&lab.id, started.attempt);
    let (servers, engine) = (started.cluster.bootstrap_servers(), started.cluster.engine);
    let title = output.say(&lab.texts.title);
    output.line(&output.ink(Ink::Bold, &format!("{id} {title}")));
    let facts = if lab.cluster == Starts::Learner {
        let folder = started.workspace.display();
        phrase!(
            "attempt {attempt}; the cluster is yours to start, at {servers}, from {folder} ({engine})",
            "第 {attempt} 次尝试；集群由你启动，地址 {servers}，工作目录 {folder}（{engine}）"
        )
    } else {
        phrase!(
            "attempt {attempt}; the cluster answers at {servers} ({engine})",
            "第 {attempt} 次尝试；集群地址 {servers}（{engine}）"
        )
    };
    output.text(2, output.say(&facts));
    for (name, value) in &started.values {
        output.line(&format!("  {name}={value}"));
    }
    let next = phrase!(
        "task:    kafka-workbook lab task {id}\nshell:   kafka-workbook lab shell {id}\ncheck:   kafka-workbook lab check {id}",
        "任务：kafka-workbook lab task {id}\nshell：kafka-workbook lab shell {id}\n检查：kafka-workbook lab check {id}"
    );
    output.text(2, output.say(&next));
}

fn task(workbook: &Workbook, lab: &Lab, output: &Output) -> Result<Exit, Problem> {
    // The task can be read before the lab is started: placeholders then stay as they are.
    let issued = workbook.progress()?.current(&lab.id).map(|a| a.values.clone());
    let not_started = issued.is_none();
    let cluster = issued.as_ref().and_then(|_| store::read(&workbook.paths));
    let values = values::placeholders(&issued.unwrap_or_default(), cluster.as_ref());
    let fill = |text: &Phrase| substitute(output.say(text), &values);
    if output.json {
        output.object(task_json(lab, output, &fill));
    } else {
        task_text(lab, output, &fill);
        if not_started {
            output.line("");
            let id = &lab.id;
            let next = phrase!(
                "not started yet: kafka-workbook lab start {id}",
                "尚未开始：kafka-workbook lab start {id}"
            );
            output.text(0, output.say(&next));
        }
    }
    Ok(Exit::Done)
}

fn task_json(lab: &Lab, output: &Output, fill: &dyn Fn(&Phrase) -> String) -> serde_json::Value {
    let checks: Vec<_> = lab
        .checks
        .iter()
        .map(|c| {
            json!({
                "id": c.id,
                "title": output.say(lab.texts.check_title(&c.id)),
                "points": c.points,
                "needs": c.needs,
            })
        })
        .collect();
    let fields: Vec<_> = lab
        .fields
        .iter()
        .map(|f| {
            json!({
                "id": f.id,
                "type": f.kind.name(),
                "check": lab.checks.iter().find(|c| c.kind.field() == Some(f.id.as_str())).map(|c| &c.id),
                "format": fill(lab.texts.field(&f.id)),
                "example": f.example,
                "choices": f.choices,
            })
        })
        .collect();
    json!({
        "lab": lab.id,
        "minutes": lab.minutes,
        "environment": lab.environment,
        "checks": checks,
        "fields": fields,
        "texts": {"title": output.say(&lab.texts.title), "task": fill(&lab.texts.task)},
    })
}

fn task_text(lab: &Lab, output: &Output, fill: &dyn Fn(&Phrase) -> String) {
    let title = format!("{} {}", lab.id, output.say(&lab.texts.title));
    output.line(&output.ink(Ink::Bold, &title));
    output.line("");
    markdown(&fill(&lab.texts.task), output);
    output.line("");
    for check in &lab.checks {
        let (title, points) = (output.say(lab.texts.check_title(&check.id)), check.points);
        let line = phrase!("{} · {title} · {points} pt", "{} · {title} · {points} 分", check.id);
        output.text(2, output.say(&line));
    }
    for field in &lab.fields {
        output.line("");
        let id = &field.id;
        output.text(0, output.say(&phrase!("Answer field `{id}`:", "答案栏 `{id}`：")));
        output.text(2, &fill(lab.texts.field(id)));
    }
}

fn stored(lab: &Lab, field: &str, output: &Output) {
    if output.json {
        output.object(json!({"lab": lab.id, "field": field, "stored": true}));
    } else {
        let id = &lab.id;
        let text = phrase!(
            "stored; check it: kafka-workbook lab check {id}",
            "已保存；检查：kafka-workbook lab check {id}"
        );
        output.text(0, output.say(&text));
    }
}

fn hint_for(
    workbook: &Workbook,
    lab: &Lab,
    check: Option<&str>,
    output: &Output,
) -> Result<Exit, Problem> {
    let hint = hint::hint(workbook, lab, check)?;
    if output.json {
        let (id, tier) = (hint.as_ref().map(|h| &h.check), hint.as_ref().map(|h| h.tier));
        let text = hint.as_ref().map(|h| output.say(&h.text));
        output.object(json!({"lab": lab.id, "check": id, "tier": tier, "text": text}));
        return Ok(Exit::Done);
    }
    match &hint {
        Some(hint) => {
            let title = output.say(lab.texts.check_title(&hint.check));
            output.line(
                &output.ink(Ink::Bold, &format!("{} · {title} · {}/3", hint.check, hint.tier)),
            );
            markdown(output.say(&hint.text), output);
        }
        None => output.text(0, output.say(&phrase!("every check has passed", "所有检查都已通过"))),
    }
    Ok(Exit::Done)
}

async fn end(workbook: &Workbook, lab: &Lab, output: &Output) -> Result<Exit, Problem> {
    let attempt = stop::stop(workbook, lab, &Progress::new(output)).await?;
    if output.json {
        output.object(json!({"lab": lab.id, "attempt": attempt, "stopped": true}));
    } else {
        let id = &lab.id;
        output.text(
            0,
            output.say(&phrase!(
                "{id} is stopped; your points and files stay",
                "{id} 已停止；得分和文件都还在"
            )),
        );
    }
    Ok(Exit::Done)
}
