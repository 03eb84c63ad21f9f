//! How much memory a new process may take: the machine's, or what a control group leaves of it.

use std::fs;
use std::path::{Path, PathBuf};

use super::compose::Service;
use super::environment::Environment;

/// A limit beyond this is none: cgroup v1 writes one of nearly 2^63 where nobody has set any.
const NO_LIMIT: u64 = 1 << 60;

/// What a JVM takes beside its heap, in bytes: measured 40 to 90 MiB on Kafka 4.3, rounded up.
const BESIDE_HEAP: u64 = 128 * MIB;

/// The heap of Kafka's own start script, where a file names none, in bytes.
const DEFAULT_HEAP: u64 = 1024 * MIB;

/// The variable that names a node's heap.
const HEAP: &str = "KAFKA_HEAP_OPTS";

const MIB: u64 = 1024 * 1024;

/// Memory, in bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memory {
    /// What may be taken now without anything being swapped out or killed.
    pub available: u64,
    /// What there is, in use or not.
    pub total: u64,
    /// The control group that limits it; `None` where the machine itself does.
    pub group: Option<PathBuf>,
}

/// The memory of this process' surroundings; `None` where the system does not say (Linux only).
pub fn memory() -> Option<Memory> {
    memory_at(Path::new("/"))
}

fn memory_at(root: &Path) -> Option<Memory> {
    let info = fs::read_to_string(root.join("proc/meminfo")).ok()?;
    let kib = |name| number_after(&info, name).map(|kib| kib.saturating_mul(1024));
    let machine =
        Memory { available: kib("MemAvailable:")?, total: kib("MemTotal:")?, group: None };
    let groups = fs::read_to_string(root.join("proc/self/cgroup")).unwrap_or_default();
    let limits = groups.lines().flat_map(|line| limits_of(root, line));
    let tightest = limits.min_by_key(|memory| memory.available);
    Some(match tightest {
        Some(group) if group.available < machine.available => group,
        _ => machine,
    })
}

/// The limits of a group and of those above it, of a line of `/proc/self/cgroup`: cgroups(7).
fn limits_of(root: &Path, line: &str) -> Vec<Memory> {
    let mut fields = line.splitn(3, ':').skip(1);
    let (Some(controllers), Some(path)) = (fields.next(), fields.next()) else { return Vec::new() };
    let base = root.join("sys/fs/cgroup");
    let (base, files) = match controllers {
        "" => (base, V2),
        names if names.split(',').any(|name| name == "memory") => (base.join("memory"), V1),
        _ => return Vec::new(),
    };
    // In a container the path may be that of the machine outside: its own group lies at the top.
    let inside = Path::new(path.trim_start_matches('/'));
    let place = |group: &Path| base.join(group).components().collect();
    inside.ancestors().filter_map(|group| files.limit(place(group))).collect()
}

/// How a version of control groups names its files.
#[derive(Debug, Clone, Copy)]
struct Files {
    limit: &'static str,
    used: &'static str,
    /// In `memory.stat`: pages of files that are given back when memory is short.
    given_back: &'static str,
}

const V2: Files =
    Files { limit: "memory.max", used: "memory.current", given_back: "inactive_file " };

const V1: Files = Files {
    limit: "memory.limit_in_bytes",
    used: "memory.usage_in_bytes",
    given_back: "total_inactive_file ",
};

impl Files {
    fn limit(self, group: PathBuf) -> Option<Memory> {
        let read = |name| fs::read_to_string(group.join(name)).ok();
        let total: u64 = read(self.limit)?.trim().parse().ok()?;
        if total >= NO_LIMIT {
            return None;
        }
        let used: u64 = read(self.used)?.trim().parse().ok()?;
        let stat = read("memory.stat").unwrap_or_default();
        let used = used.saturating_sub(number_after(&stat, self.given_back).unwrap_or(0));
        Some(Memory { available: total.saturating_sub(used), total, group: Some(group) })
    }
}

/// What a cluster of an environment may come to take, in bytes; nothing where its file cannot be
/// read.
pub fn need_of(environment: &Environment) -> u64 {
    let Ok(file) = environment.read() else { return 0 };
    let heap = |service: &Service| {
        let options = service.environment.iter().find(|(name, _)| name == HEAP);
        options.and_then(|(_, value)| heap_in(&value.value)).unwrap_or(DEFAULT_HEAP)
    };
    file.services.iter().map(|service| heap(service).saturating_add(BESIDE_HEAP)).sum()
}

/// The number in the line that begins with `name`.
fn number_after(text: &str, name: &str) -> Option<u64> {
    let rest = text.lines().find_map(|line| line.strip_prefix(name))?;
    rest.split_ascii_whitespace().next()?.parse().ok()
}

/// The largest heap that options such as `-Xms128m -Xmx384m` allow, in bytes; the last one holds,
/// as for a JVM.
fn heap_in(options: &str) -> Option<u64> {
    let size = options.split_whitespace().rev().find_map(|word| word.strip_prefix("-Xmx"))?;
    let digits = size.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let unit: u64 = match &size[digits.len()..] {
        "" => 1,
        "k" | "K" => 1 << 10,
        "m" | "M" => 1 << 20,
        "g" | "G" => 1 << 30,
        "t" | "T" => 1 << 40,
        _ => return None,
    };
    digits.parse::<u64>().ok()?.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;
    use tempfile::TempDir;

    use super::*;

    const INFO: &str = "MemTotal:  4096 kB\nMemFree: 1 kB\nMemAvailable:   2048 kB\n";

    fn machine(files: &[(&str, &str)]) -> TempDir {
        let root = tempfile::tempdir().unwrap();
        for (path, text) in [("proc/meminfo", INFO)].iter().chain(files) {
            let path = root.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        root
    }

    #[test]
    fn the_machine_says_what_is_available() {
        let memory = memory_at(machine(&[]).path()).unwrap();
        assert_eq!((memory.available, memory.total, memory.group), (2 * MIB, 4 * MIB, None));
        let unlimited = machine(&[
            ("proc/self/cgroup", "0::/user/me\n"),
            ("sys/fs/cgroup/user/memory.max", "max\n"),
            ("sys/fs/cgroup/user/memory.current", "17\n"),
        ]);
        assert_eq!(memory_at(unlimited.path()).unwrap().group, None);
    }

    #[test]
    fn a_group_above_may_be_the_one_that_limits() {
        let root = machine(&[
            ("proc/self/cgroup", "0::/user/me\n"),
            ("sys/fs/cgroup/user/memory.max", "1048576\n"),
            ("sys/fs/cgroup/user/memory.current", "1000000\n"),
            ("sys/fs/cgroup/user/memory.stat", "anon 1\ninactive_file 500000\n"),
            ("sys/fs/cgroup/user/me/memory.max", "max\n"),
        ]);
        let memory = memory_at(root.path()).unwrap();
        assert_eq!((memory.available, memory.total), (548_576, MIB));
        assert!(memory.group.unwrap().ends_with("cgroup/user"));
    }

    #[test]
    fn a_container_of_version_1_finds_its_limit_at_the_top() {
        let root = machine(&[
            ("proc/self/cgroup", "5:cpu:/docker/x\n4:memory:/docker/x\n"),
            ("sys/fs/cgroup/memory/memory.limit_in_bytes", "1048576\n"),
            ("sys/fs/cgroup/memory/memory.usage_in_bytes", "48576\n"),
        ]);
        let memory = memory_at(root.path()).unwrap();
        assert_eq!(memory.available, 1_000_000);
        assert!(memory.group.unwrap().to_str().unwrap().ends_with("/cgroup/memory"));
        let unlimited = root.path().join("sys/fs/cgroup/memory/memory.limit_in_bytes");
        fs::write(unlimited, "9223372036854771712").unwrap();
        assert_eq!(memory_at(root.path()).unwrap().group, None);
    }

    #[test]
    fn the_last_limit_of_a_heap_holds() {
        assert_eq!(heap_in("-Xms128m -Xmx384m"), Some(384 * MIB));
        assert_eq!(heap_in("-Xmx1g -Xmx2G"), Some(2048 * MIB));
        for none in ["", "-Xms1g", "-Xmx", "-Xmx1x", "-Xmx99999999999999999999", "-Xmx99999999t"] {
            assert_eq!(heap_in(none), None, "{none}");
        }
    }

    #[test]
    fn an_environment_needs_what_its_file_allows_its_nodes() {
        let text = include_str!("../../compose/kraft-single.yaml");
        let environment = |text: &str| Environment {
            name: "e".to_owned(),
            file_name: "e.yaml".to_owned(),
            text: text.to_owned(),
            folder: "/".into(),
            variables: BTreeMap::new(),
        };
        assert_eq!(need_of(&environment(text)), 512 * MIB);
        let without = text.replace("      KAFKA_HEAP_OPTS: -Xms128m -Xmx384m\n", "");
        assert_ne!(without, text);
        assert_eq!(need_of(&environment(&without)), 1152 * MIB);
        assert_eq!(need_of(&environment("nonsense")), 0);
    }

    proptest! {
        #[test]
        fn whatever_the_files_hold_is_read_without_panic(text in "(?s).{0,80}", line in ".{0,40}") {
            let root = machine(&[
                ("proc/self/cgroup", &line),
                ("sys/fs/cgroup/memory.max", &text),
                ("sys/fs/cgroup/memory.current", &text),
            ]);
            let _ = memory_at(root.path());
            let _ = heap_in(&text);
        }
    }
}
