//! Java and Kafka's jars, for clusters of plain processes.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::engines::Offer;
use super::{Finding, Level, Subject, home, ports};
use crate::engine::cluster::Cluster;
use crate::engine::environment::Environment;
use crate::engine::jvm as engine;
use crate::engine::jvm::distribution::{Prospect, Reason, Source, jar_bytes};
use crate::engine::jvm::java::{self, Java, JavaError, range_for};
use crate::engine::jvm::remains::{self, HalfMade, Stray};
use crate::engine::report::Silent;
use crate::engine::room;
use crate::paths::Paths;
use crate::problem::{Explain as _, Problem};

/// How long a Java may take to say its version; most say it in a file, which takes no time.
const PATIENCE: Duration = Duration::from_millis(1500);

/// What was seen of Java and Kafka.
#[derive(Debug)]
pub struct Jvm {
    java: Result<Java, JavaError>,
    /// The version of Kafka that each environment needs, and what stands in its way.
    environments: Vec<(String, Result<String, Problem>)>,
    /// Where each version is, or would come from.
    kafka: BTreeMap<String, Result<Prospect, Problem>>,
    /// Ports that a file names itself, and somebody holds.
    ports: Vec<(String, Problem)>,
    room: Result<(), Problem>,
    /// Environments whose formatted state is not in the cache.
    unformatted: Vec<String>,
    /// Whether the cache takes what is still to come.
    cache: Result<(), Problem>,
    /// Nodes that nothing is written down of.
    pub strays: Vec<Stray>,
    /// Nodes of a training that was cut off.
    pub untrained: Vec<Stray>,
    /// Half-made entries of the cache.
    pub half_made: Vec<HalfMade>,
}

impl Jvm {
    /// Looks at this machine. Blocks, for [`PATIENCE`] at most and a moment more.
    pub fn look(paths: &Paths, environments: &[Environment], cluster: Option<&Cluster>) -> Self {
        let jvm = engine::Jvm::new(paths.clone(), None);
        let of_each: Vec<_> =
            environments.iter().map(|e| (e.name.clone(), jvm.version_for(e))).collect();
        let versions: BTreeSet<&String> =
            of_each.iter().filter_map(|(_, version)| version.as_ref().ok()).collect();
        let look = |version: &String| jvm.look(version).map_err(|e| e.problem());
        let ports = environments.iter().filter_map(|e| {
            let problem = jvm.fixed_ports(e).err()?;
            (problem.code == crate::engine::ports::BUSY).then(|| (e.name.clone(), problem))
        });
        let kafka = versions.into_iter().map(|v| (v.clone(), look(v))).collect();
        let unformatted = environments.iter().filter(|e| !jvm.is_formatted(e));
        Self {
            unformatted: unformatted.map(|e| e.name.clone()).collect(),
            cache: cache_takes(paths, to_fetch(&kafka)),
            kafka,
            ports: ports.collect(),
            room: jvm.room(),
            strays: remains::strays(paths, cluster),
            untrained: remains::untrained(paths.cache()),
            half_made: remains::half_made(paths.cache()),
            java: java::installed(PATIENCE, &Silent),
            environments: of_each,
        }
    }

    /// Bytes that are to be fetched into the cache before the first start.
    pub fn to_fetch(&self) -> u64 {
        to_fetch(&self.kafka)
    }

    /// Whether the first start of an environment writes to the cache.
    pub fn needs_cache(&self) -> bool {
        !self.unformatted.is_empty() || self.to_fetch() > 0
    }

    /// Whether this engine runs an environment, as far as it can be told without fetching anything.
    pub fn offer(&self, environment: &str) -> Offer {
        let found = self.environments.iter().find(|(name, _)| name == environment);
        let Some((_, version)) = found else { return Ok(None) };
        let version = version.clone()?;
        let java = self.java.clone().map_err(|e| e.problem())?;
        java::fits(java, &version)?;
        let prospect = match self.kafka.get(&version) {
            Some(prospect) => Some(prospect.clone()?),
            None => None,
        };
        self.room.clone()?;
        if self.needs_cache() {
            self.cache.clone()?;
        }
        if let Some((_, problem)) = self.ports.iter().find(|(name, _)| name == environment) {
            return Err(problem.clone());
        }
        Ok(prospect.and_then(|prospect| text::to_fetch(&version, prospect.source)))
    }

    /// What there is to say, where what is lacking is this bad.
    pub fn findings(&self, lack: Level) -> Vec<Finding> {
        let mut findings = self.of_java(lack);
        findings.extend(self.of_kafka());
        for problem in self.kafka.values().filter_map(|prospect| prospect.as_ref().err()) {
            findings.push(Finding::of(problem.clone(), lack, Subject::Kafka));
        }
        for (_, version) in &self.environments {
            if let Err(problem) = version {
                findings.push(Finding::of(problem.clone(), lack, Subject::Kafka));
            }
        }
        let busy = self.ports.iter().map(|(_, problem)| {
            let Problem { message, hint, .. } = ports::with_holder(problem.clone());
            Finding::lack(("port-fixed", lack), Subject::Ports, (message, hint))
        });
        findings.extend(busy);
        findings
    }

    fn of_java(&self, lack: Level) -> Vec<Finding> {
        let java = match &self.java {
            Ok(java) => java,
            Err(e) => {
                let id = match e {
                    JavaError::Missing { .. } => "java-missing",
                    _ => "java-unusable",
                };
                let Problem { message, hint, .. } = e.problem();
                return vec![Finding::lack((id, lack), Subject::Java, (message, hint))];
            }
        };
        let unfit = self.kafka.keys().filter_map(|v| java::fits(java.clone(), v).err());
        let unfit: Vec<Problem> = unfit.map(|e| e.problem()).collect();
        if let Some(Problem { hint, .. }) = unfit.first() {
            let told = (text::all(unfit.iter().map(|problem| &problem.message)), hint.clone());
            return vec![Finding::lack(("java-range", lack), Subject::Java, told)];
        }
        let ranges = self.kafka.keys().map(|v| (v.as_str(), range_for(v)));
        vec![Finding::ok("java", Subject::Java, text::java(java, ranges))]
    }

    /// What there is to say of where Kafka is.
    fn of_kafka(&self) -> Vec<Finding> {
        let found: Vec<(&str, &Prospect)> = self
            .kafka
            .iter()
            .filter_map(|(version, prospect)| Some((version.as_str(), prospect.as_ref().ok()?)))
            .collect();
        let mut findings = notes(&found);
        let versions = |wanted: &[Source]| {
            let of_it = found.iter().filter(|(_, prospect)| wanted.contains(&prospect.source));
            of_it.map(|(version, _)| *version).collect::<Vec<_>>().join(", ")
        };
        let here = versions(&[Source::KafkaHome, Source::Cache]);
        if !here.is_empty() {
            findings.push(Finding::ok("kafka", Subject::Kafka, text::here(&here)));
        }
        for source in [Source::Maven, Source::Archive] {
            let versions = versions(&[source]);
            if !versions.is_empty() {
                let told = (text::elsewhere(&versions, source), text::fetch_hint(source));
                let lack = ("kafka-to-fetch", Level::Note);
                findings.push(Finding::lack(lack, Subject::Kafka, told));
            }
        }
        findings
    }
}

fn to_fetch(kafka: &BTreeMap<String, Result<Prospect, Problem>>) -> u64 {
    let missing = kafka.iter().filter(|(_, prospect)| {
        let there = |p: &Prospect| matches!(p.source, Source::KafkaHome | Source::Cache);
        !prospect.as_ref().is_ok_and(there)
    });
    missing.filter_map(|(version, _)| jar_bytes(version)).sum()
}

fn cache_takes(paths: &Paths, bytes: u64) -> Result<(), Problem> {
    home::for_cache(paths)?;
    if room::has(paths.cache(), bytes) { Ok(()) } else { Err(room::full(paths.cache())) }
}

/// What is wrong with sources that were passed over.
fn notes(found: &[(&str, &Prospect)]) -> Vec<Finding> {
    let note = |id, told| Finding::lack((id, Level::Note), Subject::Kafka, told);
    let skipped = || {
        found.iter().flat_map(|(version, prospect)| {
            prospect.skipped.iter().map(move |skipped| (*version, skipped))
        })
    };
    // An installed Kafka is of one version: where that serves, the others come from elsewhere.
    let serves = found.iter().any(|(_, prospect)| prospect.source == Source::KafkaHome);
    let is_wrong = |reason: &Reason| matches!(reason, Reason::WrongHome { .. });
    let home = skipped().filter(|(_, skipped)| !serves && is_wrong(&skipped.reason)).take(1);
    let home = home.map(|(version, skipped)| {
        note("kafka-home-wrong", (skipped.phrase(), text::mend_home(version)))
    });
    let is_damaged = |reason: &Reason| matches!(reason, Reason::EntryDamaged { .. });
    let damaged = skipped().filter(|(_, skipped)| is_damaged(&skipped.reason));
    let damaged = damaged
        .map(|(_, skipped)| note("kafka-cache-damaged", (skipped.phrase(), text::fetched_again())));
    home.chain(damaged).collect()
}

mod text {
    use super::{Java, Source};
    use crate::phrase;
    use crate::phrase::Phrase;

    pub fn java<'a>(java: &Java, ranges: impl Iterator<Item = (&'a str, (u32, u32))>) -> Phrase {
        let (program, version) = (java.program.display(), &java.version);
        let range = |(kafka, (oldest, newest)): (&str, (u32, u32))| {
            phrase!(
                "; Kafka {kafka} runs on {oldest} to {newest}",
                "；Kafka {kafka} 需要 {oldest} 到 {newest}"
            )
        };
        let ranges: Vec<Phrase> = ranges.map(range).collect();
        let en: String = ranges.iter().map(|range| range.en.as_str()).collect();
        let zh: String = ranges.iter().map(|range| range.zh.as_str()).collect();
        phrase!("Java {version} at {program}{en}", "Java {version}，位于 {program}{zh}")
    }

    /// Several texts as one.
    pub fn all<'a>(texts: impl Iterator<Item = &'a Phrase>) -> Phrase {
        let (en, zh): (Vec<&str>, Vec<&str>) =
            texts.map(|text| (text.en.as_str(), text.zh.as_str())).unzip();
        Phrase::new(en.join("; "), zh.join("；"))
    }

    pub fn here(versions: &str) -> Phrase {
        phrase!("on this machine: Kafka {versions}", "已在本机：Kafka {versions}")
    }

    pub fn elsewhere(versions: &str, source: Source) -> Phrase {
        match source {
            Source::Maven => phrase!(
                "not on this machine: Kafka {versions}; the jvm engine's first start gets it with Maven, and whether that succeeds was not tried",
                "不在本机：Kafka {versions}；jvm 引擎第一次启动时会用 Maven 获取，能否成功尚未尝试"
            ),
            _ => phrase!(
                "not on this machine: Kafka {versions}, and there is no `mvn`; the jvm engine's first start downloads the Apache release archive, and whether that succeeds was not tried",
                "不在本机：Kafka {versions}，也没有 `mvn`；jvm 引擎第一次启动时会下载 Apache 发布包，能否成功尚未尝试"
            ),
        }
    }

    pub fn fetch_hint(source: Source) -> Phrase {
        match source {
            Source::Maven => phrase!(
                "nothing needs to be done; to try it now: kafka-workbook tour --engine jvm",
                "不必处理；想现在试一试：kafka-workbook tour --engine jvm"
            ),
            _ => phrase!(
                "install Maven, set KAFKA_HOME to an unpacked Kafka of this version, or KAFKA_WORKBOOK_ARCHIVE_URL to a mirror that you can reach",
                "安装 Maven，或把 KAFKA_HOME 设为解包后的这一版本，或把 KAFKA_WORKBOOK_ARCHIVE_URL 设为能访问的镜像地址"
            ),
        }
    }

    pub fn to_fetch(version: &str, source: Source) -> Option<Phrase> {
        match source {
            Source::KafkaHome | Source::Cache => None,
            Source::Maven => Some(phrase!(
                "Kafka {version} has to be got with Maven first, which was not tried",
                "需要先用 Maven 获取 Kafka {version}，尚未尝试"
            )),
            Source::Archive => Some(phrase!(
                "Kafka {version} has to be downloaded first, which was not tried",
                "需要先下载 Kafka {version}，尚未尝试"
            )),
        }
    }

    pub fn mend_home(version: &str) -> Phrase {
        phrase!(
            "unset KAFKA_HOME, or let it name an unpacked Kafka {version}",
            "取消 KAFKA_HOME，或让它指向解包后的 Kafka {version}"
        )
    }

    pub fn fetched_again() -> Phrase {
        phrase!("the next start fetches it again", "下次启动会重新获取")
    }
}
