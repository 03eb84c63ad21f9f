//! What an earlier crash has left: processes, containers, folders, half-made entries of the cache.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use super::cluster::HomeCluster;
use super::containers::Containers;
use super::jvm::Jvm;
use super::{Finding, Level, Subject};
use crate::engine::containers::leftovers::{Kind, Leftover};
use crate::engine::jvm::remains::{HalfMade, Stray};
use crate::lab::aside;
use crate::paths::Paths;
use crate::printable;

/// What there is to say. What another program is at right now is not left.
pub fn findings(
    paths: &Paths,
    cluster: &HomeCluster,
    containers: &Containers,
    jvm: &Jvm,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut note = |id, told| {
        findings.push(Finding::lack((id, Level::Note), Subject::Leftovers, told));
    };
    if !cluster.is_changing {
        if !jvm.strays.is_empty() {
            note("left-processes", text::processes(&jvm.strays));
        }
        let left = containers.left().unwrap_or_default();
        for kind in [Kind::Container, Kind::Volume, Kind::Network] {
            let names: Vec<&str> = of_kind(left, kind);
            if !names.is_empty() {
                let id = match kind {
                    Kind::Container => "left-containers",
                    Kind::Volume => "left-volumes",
                    Kind::Network => "left-networks",
                };
                note(id, text::in_containers(kind, &names));
            }
        }
        let known = cluster.written().map(|cluster| cluster.environment.as_str());
        let folders = half_made(paths, known);
        if !folders.is_empty() {
            note("left-environments", text::environments(&folders));
        }
    }
    if !jvm.untrained.is_empty() {
        note("left-training", text::training(&jvm.untrained));
    }
    if !jvm.half_made.is_empty() {
        note("left-in-cache", text::in_cache(&jvm.half_made));
    }
    for home in aside::left_in(&env::temp_dir()) {
        note("left-home", text::home(&home));
    }
    if findings.is_empty() {
        let looked = containers.left().is_some() || !containers.is_installed();
        findings.push(Finding::ok("leftovers", Subject::Leftovers, text::nothing(looked)));
    }
    findings
}

fn of_kind(left: &[Leftover], kind: Kind) -> Vec<&str> {
    left.iter().filter(|left| left.kind == kind).map(|left| left.name.as_str()).collect()
}

/// Folders of environments of which no cluster is written down.
fn half_made(paths: &Paths, known: Option<&str>) -> Vec<PathBuf> {
    let entries = fs::read_dir(paths.environments()).into_iter().flatten().flatten();
    let unknown = entries.filter(|entry| entry.file_name().to_str() != known || known.is_none());
    unknown.map(|entry| entry.path()).collect()
}

/// Paths as one text for people.
fn listed<'a>(paths: impl Iterator<Item = &'a Path>) -> String {
    let names: Vec<String> = paths.map(|path| path.display().to_string()).collect();
    printable::list(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

mod text {
    use super::{HalfMade, Kind, Path, PathBuf, Stray, listed};
    use crate::engine::jvm::remains::HalfMadeKind;
    use crate::phrase;
    use crate::phrase::Phrase;
    use crate::printable;

    pub fn nothing(looked: bool) -> Phrase {
        if looked {
            phrase!("nothing is left of an earlier crash", "没有发现崩溃后的残留")
        } else {
            phrase!(
                "nothing is left of an earlier crash; the container engine could not be asked",
                "没有发现崩溃后的残留；容器引擎无法询问"
            )
        }
    }

    fn down_all() -> Phrase {
        phrase!("remove it: kafka-workbook env down --all", "移除：kafka-workbook env down --all")
    }

    fn pids(strays: &[Stray]) -> String {
        let pids: Vec<String> =
            strays.iter().map(|s| format!("{} (pid {})", s.node, s.pid)).collect();
        printable::list(&pids.iter().map(String::as_str).collect::<Vec<_>>())
    }

    pub fn processes(strays: &[Stray]) -> (Phrase, Phrase) {
        let nodes = pids(strays);
        (
            phrase!(
                "nodes of this home run, and nothing is written down of them: {nodes}",
                "有当前主目录的节点在运行，却没有任何记录：{nodes}"
            ),
            down_all(),
        )
    }

    pub fn in_containers(kind: Kind, names: &[&str]) -> (Phrase, Phrase) {
        let names = printable::list(names);
        let (en, zh) = match kind {
            Kind::Container => ("containers", "容器"),
            Kind::Volume => ("volumes", "卷"),
            Kind::Network => ("networks", "网络"),
        };
        (
            phrase!(
                "{en} of this home that nothing is written down of: {names}",
                "有当前主目录的{zh}没有任何记录：{names}"
            ),
            down_all(),
        )
    }

    pub fn environments(folders: &[PathBuf]) -> (Phrase, Phrase) {
        let folders = listed(folders.iter().map(PathBuf::as_path));
        (
            phrase!(
                "environments that were never finished: {folders}",
                "有没做完的环境：{folders}"
            ),
            phrase!(
                "remove them: kafka-workbook env down --all; the next start does so too",
                "移除：kafka-workbook env down --all；下次启动也会移除"
            ),
        )
    }

    pub fn training(strays: &[Stray]) -> (Phrase, Phrase) {
        let nodes = pids(strays);
        let numbers: Vec<String> = strays.iter().map(|stray| stray.pid.to_string()).collect();
        let numbers = numbers.join(" ");
        (
            phrase!(
                "nodes that were to train class archives run on, and nobody waits for them: {nodes}",
                "用来训练类归档的节点还在运行，已经没人等它们：{nodes}"
            ),
            phrase!("end them: kill {numbers}", "结束它们：kill {numbers}"),
        )
    }

    pub fn in_cache(left: &[HalfMade]) -> (Phrase, Phrase) {
        let paths = listed(left.iter().map(|left| left.path.as_path()));
        let message =
            phrase!("half-made work in the cache: {paths}", "缓存里有做了一半的内容：{paths}");
        // All else is begun anew, or gone on with, by whoever needs it next.
        let golden = left.iter().filter(|left| left.kind == HalfMadeKind::Golden);
        let golden: Vec<&HalfMade> = golden.collect();
        if golden.is_empty() {
            let hint = phrase!(
                "nothing needs to be done: whoever needs it next goes on with it or begins anew",
                "不必处理：下次用到时会接着做或重新做"
            );
            return (message, hint);
        }
        let folders: Vec<String> =
            golden.iter().map(|left| format!("'{}'", left.path.display())).collect();
        let folders = folders.join(" ");
        (message, phrase!("nobody needs it: rm -r {folders}", "已经没人需要：rm -r {folders}"))
    }

    pub fn home(home: &Path) -> (Phrase, Phrase) {
        let home = home.display();
        (
            phrase!(
                "a tour or a gate that was killed has left a home of its own, maybe with a cluster: {home}",
                "被杀死的 tour 或 verify 留下了自己的主目录，可能还有集群：{home}"
            ),
            phrase!(
                "KAFKA_WORKBOOK_HOME='{home}' kafka-workbook env down --all && rm -r '{home}'",
                "KAFKA_WORKBOOK_HOME='{home}' kafka-workbook env down --all && rm -r '{home}'"
            ),
        )
    }
}
