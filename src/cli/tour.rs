//! `kafka-workbook tour`

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::args::UpOptions;
use super::output::{Exit, Ink, Output, Progress};
use super::{cancellable, verdicts};
use crate::course::Lab;
use crate::lab::Workbook;
use crate::lab::tour::{self, Scene, Spectator, Toured, Way};
use crate::phrase;
use crate::phrase::Phrase;
use crate::problem::Problem;

/// Before what a scene shows.
const INDENT: usize = 3;

/// Goes through one lab by itself; the exit code says whether it failed before and passed after.
pub async fn tour(
    workbook: &Workbook,
    options: &UpOptions,
    output: &Output,
) -> Result<Exit, Problem> {
    let (lab, _) = tour::subject(workbook)?;
    let begun = Instant::now();
    let audience = Audience { lab, output, steps: AtomicU32::new(0), begun };
    let progress = Arc::new(Progress::new(output));
    let timeout = Duration::from_secs(options.timeout);
    let way = Way { engine: options.engine, timeout, lang: output.lang };
    let work = tour::tour(workbook, way, &audience, Arc::clone(&progress) as Arc<_>);
    let toured = cancellable(&progress, Box::pin(work)).await?;
    audience.result(&toured);
    let good = toured.failed_before() && toured.passed_after();
    Ok(if good { Exit::Done } else { verdicts::exit_of(&toured.after).max(Exit::Failed) })
}

/// Shows a tour as it goes.
struct Audience<'a> {
    lab: &'a Lab,
    output: &'a Output,
    /// Steps that have begun.
    steps: AtomicU32,
    begun: Instant,
}

impl Spectator for Audience<'_> {
    fn sees(&self, scene: Scene<'_>) {
        if self.output.json {
            self.output.object(self.object(scene));
        } else {
            self.text(scene);
        }
    }
}

impl Audience<'_> {
    fn object(&self, scene: Scene<'_>) -> Value {
        let step = |name: &str| {
            let text = text::step(scene).map(|text| self.output.say(&text).to_owned());
            json!({"event": "step", "step": name, "text": text})
        };
        match scene {
            Scene::Begin(lab) => json!({
                "event": "begin",
                "lab": lab.id,
                "title": self.output.say(&lab.texts.title),
            }),
            Scene::Beside(cluster, bytes) => {
                let text = text::beside(cluster, bytes);
                json!({
                    "event": "beside",
                    "environment": cluster.environment,
                    "memory_bytes": bytes,
                    "text": self.output.say(&text),
                })
            }
            Scene::Cluster => step("cluster"),
            Scene::Before => step("before"),
            Scene::Solve => step("solve"),
            Scene::After => step("after"),
            Scene::Down => step("down"),
            Scene::Serves(cluster, took) => json!({
                "event": "ready",
                "engine": cluster.engine.name(),
                "environment": cluster.environment,
                "bootstrap_servers": cluster.bootstrap_servers(),
                "elapsed_ms": ms(took),
            }),
            Scene::Command(command) => json!({"event": "command", "command": command}),
            Scene::Printed(line) => json!({"event": "printed", "line": line}),
            Scene::Verdicts(report) => {
                let mut object = verdicts::object(self.lab, report, self.output);
                object["event"] = json!("verdicts");
                object
            }
        }
    }

    fn text(&self, scene: Scene<'_>) {
        let output = self.output;
        if let Some(step) = text::step(scene) {
            let number = self.steps.fetch_add(1, Ordering::Relaxed) + 1;
            output.line("");
            let step = format!("{number}  {}", output.say(&step));
            output.line(&output.ink(Ink::Bold, &step));
            return;
        }
        match scene {
            Scene::Begin(lab) => {
                let (id, title) = (&lab.id, output.say(&lab.texts.title));
                output.text(0, output.say(&text::begin(id, title)));
            }
            Scene::Beside(cluster, bytes) => {
                output.text(0, output.say(&text::beside(cluster, bytes)));
            }
            Scene::Serves(cluster, took) => {
                let (servers, engine) = (cluster.bootstrap_servers(), cluster.engine.name());
                let ready = text::serves((&cluster.environment, &servers), engine, took);
                output.text(INDENT, output.say(&ready));
            }
            Scene::Command(command) => {
                let margin = " ".repeat(INDENT);
                output.line(&format!("{margin}$ {}", output.ink(Ink::Cyan, command)));
            }
            Scene::Printed(line) => {
                let margin = " ".repeat(INDENT);
                output.line(format!("{margin}{line}").trim_end());
            }
            Scene::Verdicts(report) => verdicts::text(self.lab, report, output),
            _ => {}
        }
    }

    fn result(&self, toured: &Toured) {
        let took = self.begun.elapsed();
        if self.output.json {
            self.output.object(json!({
                "event": "result",
                "lab": self.lab.id,
                "engine": toured.engine,
                "failed_before": toured.failed_before(),
                "passed_after": toured.passed_after(),
                "points": toured.after.points,
                "max_points": toured.after.max_points,
                "elapsed_ms": ms(took),
            }));
        } else {
            self.output.line("");
            self.output.text(0, self.output.say(&text::result(&self.lab.id, toured, took)));
        }
    }
}

fn ms(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

mod text {
    use super::{Duration, Phrase, Scene, Toured, phrase};
    use crate::engine::cluster::Cluster;

    pub fn begin(id: &str, title: &str) -> Phrase {
        phrase!(
            "Lab {id}, {title}: from an empty cluster to a pass, by itself. Nothing of yours is touched; Ctrl-C ends it and leaves nothing.",
            "实验 {id}「{title}」：从空集群到全部通过，自动演示。你的东西都不会动；Ctrl-C 可以随时结束，不留下任何东西。"
        )
    }

    /// The heading of a scene that begins a step.
    pub fn step(scene: Scene<'_>) -> Option<Phrase> {
        Some(match scene {
            Scene::Cluster => phrase!(
                "A fresh cluster comes up, in the state that the lab begins with",
                "启动一个新集群，处于实验的初始状态"
            ),
            Scene::Before => phrase!(
                "The checks ask it before anything is done: they have to fail",
                "什么都没做就检查：应当全部不通过"
            ),
            Scene::Solve => phrase!(
                "The reference solution works through the lab, as you would in the lab's shell",
                "参考答案完成实验，和你在实验 shell 里做的一样"
            ),
            Scene::After => phrase!(
                "The same checks ask the same cluster again: they have to pass",
                "同样的检查再问一次同一个集群：应当全部通过"
            ),
            Scene::Down => {
                phrase!("The cluster is taken down, with its data", "移除集群和它的数据")
            }
            _ => return None,
        })
    }

    pub fn beside(cluster: &Cluster, bytes: u64) -> Phrase {
        let (name, mib) = (&cluster.environment, bytes.div_ceil(1024 * 1024));
        phrase!(
            "Your cluster {name} runs on untouched; for as long as the tour lasts, its own takes up to {mib} MiB of memory besides.",
            "你的集群 {name} 照常运行，不受影响；tour 期间它自己的集群另外最多占用 {mib} MiB 内存。"
        )
    }

    pub fn serves((name, servers): (&str, &str), engine: &str, took: Duration) -> Phrase {
        let took = took.as_secs_f64();
        phrase!(
            "{name} answers at {servers} ({engine}) after {took:.1} s",
            "{name} 在 {took:.1} 秒后就绪，地址 {servers}（{engine}）"
        )
    }

    pub fn result(id: &str, toured: &Toured, took: Duration) -> Phrase {
        let took = took.as_secs_f64();
        match (toured.failed_before(), toured.passed_after()) {
            (true, true) => phrase!(
                "Failed before, passed after, in {took:.1} s. Your turn: kafka-workbook lab start {id}",
                "之前不通过，之后通过，用时 {took:.1} 秒。轮到你了：kafka-workbook lab start {id}"
            ),
            (true, false) => phrase!(
                "The lab failed before, and has not passed after its solution, in {took:.1} s. See: kafka-workbook doctor",
                "之前不通过，做完参考答案后仍未通过，用时 {took:.1} 秒。检查本机：kafka-workbook doctor"
            ),
            (false, _) => phrase!(
                "The lab did not fail while nothing was done, in {took:.1} s. See: kafka-workbook doctor",
                "什么都没做时，检查却没有全部不通过，用时 {took:.1} 秒。检查本机：kafka-workbook doctor"
            ),
        }
    }
}
