//! Memory for a cluster.

use super::{Finding, Level, Subject};
use crate::engine::cluster::Cluster;
use crate::engine::environment::Environment;
use crate::engine::memory::{Memory, memory, need_of};
use crate::phrase::Phrase;

const MIB: u64 = 1024 * 1024;

/// Whether the largest environment finds enough. What the cluster takes that runs now is free
/// before another one starts.
pub fn finding(environments: &[Environment], running: Option<&Cluster>) -> Finding {
    let largest = environments.iter().map(|e| (need_of(e), e.name.as_str())).max();
    let (need, name) = largest.unwrap_or_default();
    let Some(memory) = memory() else {
        return Finding::ok("memory", Subject::Memory, text::not_told(need, name));
    };
    let own = running.and_then(|c| environments.iter().find(|e| e.name == c.environment));
    let available = memory.available.saturating_add(own.map_or(0, need_of)).min(memory.total);
    let message = text::found(&memory, available, (need, name));
    if memory.total < need {
        let lack = ("memory-too-little", Level::Problem);
        Finding::lack(lack, Subject::Memory, (message, text::more(&memory)))
    } else if available < need {
        let lack = ("memory-short", Level::Note);
        Finding::lack(lack, Subject::Memory, (message, text::free_some()))
    } else {
        Finding::ok("memory", Subject::Memory, message)
    }
}

mod text {
    use super::{MIB, Memory, Phrase};
    use crate::phrase;

    pub fn found(memory: &Memory, available: u64, (need, name): (u64, &str)) -> Phrase {
        let (available, total, need) = (available / MIB, memory.total / MIB, need.div_ceil(MIB));
        let group = memory.group.as_ref().map(|group| group.display().to_string());
        let (en, zh) = match group {
            Some(group) => (format!(" (the control group {group})"), format!("（控制组 {group}）")),
            None => Default::default(),
        };
        phrase!(
            "{available} of {total} MiB can be had{en}; {name}, the largest environment, takes up to {need} MiB",
            "可用 {available} MiB，共 {total} MiB{zh}；最大的环境 {name} 最多用 {need} MiB"
        )
    }

    pub fn not_told(need: u64, name: &str) -> Phrase {
        let need = need.div_ceil(MIB);
        phrase!(
            "this system does not say how much there is; {name}, the largest environment, takes up to {need} MiB",
            "系统没有说明可用内存；最大的环境 {name} 最多用 {need} MiB"
        )
    }

    pub fn more(memory: &Memory) -> Phrase {
        match &memory.group {
            Some(_) => phrase!(
                "raise the limit of this container or session (docker run --memory, systemd MemoryMax)",
                "提高这个容器或会话的内存上限（docker run --memory、systemd 的 MemoryMax）"
            ),
            None => phrase!(
                "use a machine with more memory, or a compose file with a smaller KAFKA_HEAP_OPTS",
                "换一台内存更大的机器，或在 compose 文件里调小 KAFKA_HEAP_OPTS"
            ),
        }
    }

    pub fn free_some() -> Phrase {
        phrase!(
            "end what takes it (ps aux --sort=-rss | head), or a node may be killed while it works",
            "结束占用内存的程序（ps aux --sort=-rss | head），否则节点可能在运行中被杀死"
        )
    }
}
