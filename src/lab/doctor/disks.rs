//! Room on the disks of home and cache.

use super::{Finding, Level, Subject};
use crate::engine::jvm::training;
use crate::engine::{jvm, room};
use crate::paths::Paths;
use crate::phrase::Phrase;

/// What there is to say, where `to_fetch` bytes are still to come into the cache.
pub fn findings(paths: &Paths, to_fetch: u64, lack: Level) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Err(problem) = jvm::Jvm::new(paths.clone(), None).room() {
        findings.push(Finding::of(problem, lack, Subject::Disk));
    }
    let cache = paths.cache();
    if !room::has(cache, to_fetch) {
        let told = (text::no_room_for_kafka(paths, to_fetch), text::free_some());
        findings.push(Finding::lack(("cache-full", lack), Subject::Disk, told));
    } else if !room::has(cache, training::NEEDED) {
        let told = (text::no_room_for_archives(paths), text::free_some());
        findings.push(Finding::lack(("cache-nearly-full", Level::Note), Subject::Disk, told));
    }
    if findings.is_empty() {
        findings.push(Finding::ok("disk", Subject::Disk, text::left(paths)));
    }
    findings
}

mod text {
    use super::{Paths, Phrase, room};
    use crate::phrase;

    pub fn left(paths: &Paths) -> Phrase {
        let mib = |path| {
            let bytes = room::bytes_left(path);
            bytes.map_or_else(|| "?".to_owned(), |bytes| (bytes >> 20).to_string())
        };
        let (home, cache) = (mib(paths.home()), mib(paths.cache()));
        phrase!(
            "{home} MiB left for the home, {cache} MiB for the cache",
            "主目录所在磁盘剩余 {home} MiB，缓存所在磁盘剩余 {cache} MiB"
        )
    }

    pub fn no_room_for_kafka(paths: &Paths, needed: u64) -> Phrase {
        let (cache, needed) = (paths.cache().display(), needed >> 20);
        phrase!(
            "the disk that holds {cache} has no room for Kafka's jars, {needed} MiB",
            "{cache} 所在的磁盘放不下 Kafka 的 jar，需要 {needed} MiB"
        )
    }

    pub fn no_room_for_archives(paths: &Paths) -> Phrase {
        let cache = paths.cache().display();
        phrase!(
            "the disk that holds {cache} is nearly full: no class archives are made, and nodes start slower",
            "{cache} 所在的磁盘快满了：不会生成类归档，节点启动会慢一些"
        )
    }

    pub fn free_some() -> Phrase {
        phrase!(
            "free some space (df -h shows what is left), or move to another disk with KAFKA_WORKBOOK_CACHE",
            "腾出空间（df -h 显示剩余），或用 KAFKA_WORKBOOK_CACHE 换到别的磁盘"
        )
    }
}
