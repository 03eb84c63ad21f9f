//! The ports of clusters, and who holds those that are taken.

use std::collections::{BTreeMap, BTreeSet};

use super::{Finding, Level, Subject, port_base};
use crate::engine::cluster::Cluster;
use crate::engine::environment::Environment;
use crate::engine::holder::{Holder, holders};
use crate::engine::ports::{self, PortError};
use crate::phrase::Phrase;
use crate::problem::{Explain as _, Problem};

/// What there is to say. The ports of the cluster of this home that runs now are free for the next.
pub fn findings(environments: &[Environment], running: Option<&Cluster>) -> Vec<Finding> {
    let base = match port_base() {
        Ok(base) => base,
        Err(e) => return vec![lack("port-base", Level::Problem, e.problem())],
    };
    let own = running.map(|cluster| ports::among(&cluster.variables)).unwrap_or_default();
    let is_free = |port| own.contains(&port) || ports::is_free(port);
    let mut wanted = BTreeSet::new();
    let mut moved = None;
    for environment in environments {
        let variables = ports::variables_in(&environment.text);
        // As if all were free: where the block would lie.
        let block = ports::choose(&variables, base, |_| true).unwrap_or_default();
        wanted.extend(block.into_values());
        match ports::choose(&variables, base, is_free) {
            Ok(chosen) => {
                let used = ports::base_of(&variables, &chosen).filter(|used| *used != base);
                moved = moved.or(used);
            }
            Err(e) => return vec![none_free(&e)],
        }
    }
    let taken: BTreeSet<u16> = wanted.iter().copied().filter(|port| !is_free(*port)).collect();
    vec![match moved {
        Some(used) => {
            let told = (text::taken(&taken, &holders(&taken), used), text::taken_hint());
            Finding::lack(("ports-taken", Level::Note), Subject::Ports, told)
        }
        None => Finding::ok("ports", Subject::Ports, text::free(&wanted, &own)),
    }]
}

fn none_free(e: &PortError) -> Finding {
    let taken = match e {
        PortError::NoneFree { taken, .. } => BTreeSet::from([*taken]),
        PortError::BadBase(_) => BTreeSet::new(),
    };
    let mut problem = e.problem();
    if let Some(holder) = holders(&taken).values().next() {
        problem.message = text::with_holder(&problem.message, holder);
    }
    lack("ports-none-free", Level::Problem, problem)
}

fn lack(id: &'static str, level: Level, problem: Problem) -> Finding {
    Finding::lack((id, level), Subject::Ports, (problem.message, problem.hint))
}

/// A problem of a port that its message names, with who holds it.
pub fn with_holder(mut problem: Problem) -> Problem {
    let words = problem.message.en.split(|c: char| !c.is_ascii_digit());
    let named: BTreeSet<u16> = words.filter_map(|word| word.parse().ok()).collect();
    if let Some(holder) = holders(&named).values().next() {
        problem.message = text::with_holder(&problem.message, holder);
    }
    problem
}

/// The ports with who holds each, for people.
pub fn listed(taken: &BTreeSet<u16>, holders: &BTreeMap<u16, Holder>) -> Phrase {
    text::listed(taken, holders)
}

mod text {
    use super::{BTreeMap, BTreeSet, Holder, Phrase};
    use crate::phrase;

    pub fn free(wanted: &BTreeSet<u16>, own: &BTreeSet<u16>) -> Phrase {
        let ports = numbers(wanted);
        if own.is_empty() {
            phrase!("{ports} are free", "{ports} 空闲")
        } else {
            phrase!(
                "{ports} are free, or held by this home's own cluster",
                "{ports} 空闲，或由当前主目录自己的集群占用"
            )
        }
    }

    pub fn taken(taken: &BTreeSet<u16>, holders: &BTreeMap<u16, Holder>, used: u16) -> Phrase {
        let Phrase { en, zh } = listed(taken, holders);
        phrase!(
            "{en}; a cluster comes up in the next free block, from {used} on",
            "{zh}；集群会使用下一段空闲端口，从 {used} 开始"
        )
    }

    pub fn listed(taken: &BTreeSet<u16>, holders: &BTreeMap<u16, Holder>) -> Phrase {
        let (mut en, mut zh) = (Vec::new(), Vec::new());
        for port in taken {
            let Phrase { en: in_en, zh: in_zh } = match holders.get(port) {
                Some(Holder { pid, program }) => phrase!(
                    "{port} is held by {program} (pid {pid})",
                    "{port} 被 {program}（pid {pid}）占用"
                ),
                None => phrase!(
                    "{port} is held by a program that this user cannot see (sudo ss -ltnp)",
                    "{port} 被当前用户看不到的程序占用（sudo ss -ltnp）"
                ),
            };
            en.push(in_en);
            zh.push(in_zh);
        }
        Phrase::new(en.join(", "), zh.join("，"))
    }

    pub fn taken_hint() -> Phrase {
        phrase!(
            "nothing needs to be done; to have these ports, stop who holds them; to begin elsewhere, set KAFKA_WORKBOOK_PORT_BASE",
            "不必处理；想用这些端口，就停掉占用它们的程序；想换一段，就设置 KAFKA_WORKBOOK_PORT_BASE"
        )
    }

    pub fn with_holder(message: &Phrase, Holder { pid, program }: &Holder) -> Phrase {
        let Phrase { en, zh } = message;
        phrase!("{en}: it is {program} (pid {pid})", "{zh}：是 {program}（pid {pid}）")
    }

    fn numbers(ports: &BTreeSet<u16>) -> String {
        ports.iter().map(u16::to_string).collect::<Vec<_>>().join(", ")
    }
}
