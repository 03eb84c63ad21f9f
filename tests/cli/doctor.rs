//! `doctor`: each cause is caused, and it is named with its cure. Nothing is changed by asking.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::fake_docker::{HANGS, Machine, prints, refuses};
use crate::fake_java::Java;
use crate::program::Home;

/// The image and every question besides are answered well.
pub const WITH_IMAGE: (&str, &str) = ("'image inspect'*", ":");

/// What the whole may take where something hangs, on a loaded machine.
const LIMIT: Duration = Duration::from_secs(10);

/// What was found, by the ids.
pub struct Found(Value);

impl Found {
    /// Asks the doctor of a home, who has to say whether all is ready.
    #[track_caller]
    pub fn of(home: &Home, ready: bool) -> Self {
        let found = Self(home.json(&["doctor"], i32::from(!ready)));
        assert_eq!(found.0["ready"], ready, "{}", found.0);
        assert_eq!(found.ids("problem").is_empty(), ready, "{}", found.0);
        found
    }

    pub fn ids(&self, level: &str) -> Vec<String> {
        let findings = self.0["findings"].as_array().unwrap().iter();
        let of_level = findings.filter(|finding| finding["level"] == level);
        of_level.map(|finding| finding["id"].as_str().unwrap().to_owned()).collect()
    }

    /// The message and the hint of a finding of this level.
    #[track_caller]
    pub fn told(&self, level: &str, id: &str) -> (String, String) {
        let findings = self.0["findings"].as_array().unwrap().iter();
        let mut matching = findings.filter(|f| f["level"] == level && f["id"] == id);
        let finding = matching.next().unwrap_or_else(|| panic!("no {level} {id}: {}", self.0));
        assert!(matching.next().is_none(), "twice {id}: {}", self.0);
        let text = |field: &str| finding[field].as_str().unwrap_or_default().to_owned();
        let (message, hint) = (text("message"), text("hint"));
        assert_eq!(level == "ok", hint.is_empty(), "a cure, or nothing to cure: {finding}");
        (message, hint)
    }

    /// Whether an engine is ready, whether it is taken, and why.
    #[track_caller]
    pub fn engine(&self, name: &str) -> (bool, bool, String) {
        let mut engines = self.0["engines"].as_array().unwrap().iter();
        let engine = engines.find(|engine| engine["name"] == name).unwrap();
        let is = |field: &str| engine[field].as_bool().unwrap();
        let why = engine["why"].as_str().unwrap().to_owned();
        assert!(!why.is_empty(), "{engine}");
        (is("ready"), is("taken"), why)
    }
}

/// A Java that Kafka runs on.
pub fn java() -> Java {
    Java::that("echo 'openjdk version \"17.0.1\" 2026-01-20' >&2")
}

/// An installed Kafka, as far as its names go.
pub fn kafka(folder: &Path) -> PathBuf {
    let libs = folder.join("kafka/libs");
    fs::create_dir_all(&libs).unwrap();
    for jar in ["kafka_2.13-4.3.1.jar", "kafka-clients-4.3.1.jar", "kafka-tools-4.3.1.jar"] {
        fs::write(libs.join(jar), jar).unwrap();
    }
    folder.join("kafka")
}

/// What was fetched before of the other version.
fn fetched(cache: &Path) {
    let entry = cache.join("kafka/3.9.2");
    fs::create_dir_all(entry.join("libs")).unwrap();
    fs::write(entry.join("libs/a.jar"), "a").unwrap();
    let jars = serde_json::json!([{"name": "a.jar", "size": 1, "sha256": "aa"}]);
    let manifest = serde_json::json!({"schema": 1, "version": "3.9.2", "jars": jars});
    fs::write(entry.join("manifest.json"), manifest.to_string()).unwrap();
}

/// The machine, on which the other engine has all that it needs.
fn beside_jvm(machine: Machine, java: &Java, folder: &Path) -> Machine {
    let kafka = kafka(folder).display().to_string();
    machine.with("JAVA_HOME", &java.path().display().to_string()).with("KAFKA_HOME", &kafka)
}

/// What is wrong with containers is a problem where nothing else runs a cluster, and else a note.
#[track_caller]
fn containers_lack(machine: impl Fn() -> Machine, id: &str, words: &str, cure: &str) {
    let begun = Instant::now();
    let found = Found::of(&machine().home, false);
    let (message, hint) = found.told("problem", id);
    assert!(message.contains(words), "{words} in {message}");
    assert!(hint.contains(cure), "{cure} in {hint}");
    assert!(matches!(found.engine("containers"), (false, false, _)));
    assert!(matches!(found.engine("jvm"), (false, false, _)));
    found.told("problem", "java-missing");

    let (java, folder) = (java(), tempfile::tempdir().unwrap());
    let found = Found::of(&beside_jvm(machine(), &java, folder.path()).home, true);
    assert!(found.told("note", id).0.contains(words));
    assert!(matches!(found.engine("containers"), (false, false, _)));
    assert!(matches!(found.engine("jvm"), (true, true, _)));
    assert!(begun.elapsed() < LIMIT, "{:?}", begun.elapsed());
}

#[test]
fn a_machine_without_docker_is_told_so() {
    containers_lack(Machine::without_docker, "docker-missing", "PATH", "install Docker");
}

#[test]
fn a_socket_that_is_not_there_or_that_nobody_listens_on_is_told_apart() {
    let folder = tempfile::tempdir().unwrap();
    let [missing, refused] = ["missing.sock", "refused.sock"].map(|n| folder.path().join(n));
    drop(std::os::unix::net::UnixListener::bind(&refused).unwrap());
    let old = |path: &Path| {
        let path = path.display();
        format!(
            "Cannot connect to the Docker daemon at unix://{path}. Is the docker daemon running?"
        )
    };
    let new = |path: &Path| {
        let path = path.display();
        format!(
            "failed to connect to the docker API at unix://{path}; check if the path is correct"
        )
    };
    for (words, id) in [
        (old(&missing), "docker-socket-missing"),
        (new(&missing), "docker-socket-missing"),
        (old(&refused), "docker-connection-refused"),
        (new(&refused), "docker-connection-refused"),
        (
            old(Path::new("/nonsense")).replace("unix:///nonsense", "tcp://127.0.0.1:1"),
            "docker-down",
        ),
    ] {
        let machine = || Machine::with_docker(&[("version*", &refuses(&words))]);
        containers_lack(machine, id, &words, "systemctl start docker");
    }
}

#[test]
fn a_socket_that_this_user_may_not_use_needs_a_group() {
    let denied = "permission denied while trying to connect to the Docker daemon socket at unix:///var/run/docker.sock";
    let machine = || Machine::with_docker(&[("version*", &refuses(denied))]);
    containers_lack(machine, "docker-permission-denied", denied, "usermod -aG docker");
}

#[test]
fn an_engine_that_is_silent_is_told_within_seconds() {
    let words = "within 1 s";
    for silent in ["*", "version*", "'compose version'*", "'image inspect'*", "'volume ls'*"] {
        let machine = || Machine::with_docker(&[(silent, HANGS)]);
        containers_lack(machine, "docker-silent", words, "docker ps");
        let asked = machine();
        asked.home.run(&["doctor"]).exits(1);
        assert!(!asked.calls().is_empty(), "and nobody lives on");
    }
}

#[test]
fn a_compose_that_is_missing_old_or_alone_is_told_apart() {
    let unknown = refuses("docker: 'compose' is not a docker command.\nSee 'docker --help'\n");
    let missing = || Machine::with_docker(&[("'compose version'*", &unknown)]);
    let alone = || {
        let machine = missing();
        std::os::unix::fs::symlink("/bin/true", machine.file("docker-compose")).unwrap();
        machine
    };
    let old = || Machine::with_docker(&[("'compose version'*", &prints("2.24.3"))]);
    let cure = "docker-compose-plugin";
    containers_lack(missing, "compose-missing", "'compose' is not a docker command", cure);
    containers_lack(alone, "compose-v1", "/docker-compose is the old Compose", cure);
    containers_lack(old, "compose-too-old", "2.24.3", cure);
}

#[test]
fn an_image_that_is_missing_is_a_note_since_it_may_be_pulled() {
    let machine = Machine::with_docker(&[]);
    let found = Found::of(&machine.home, true);
    let (message, hint) = found.told("note", "image-missing");
    assert!(message.contains("apache/kafka:4.3.1") && message.contains("not tried"), "{message}");
    assert!(hint.contains("docker pull apache/kafka:4.3.1"), "{hint}");
    let (ready, taken, why) = found.engine("containers");
    assert!(ready && taken && why.contains("not tried"), "{why}");
    let own = Machine::with_docker(&[]).with("KAFKA_IMAGE", "classroom:5000/kafka:4.3.1");
    let (message, _) = Found::of(&own.home, true).told("note", "image-missing");
    assert!(message.contains("classroom:5000/kafka:4.3.1"), "{message}");
}

#[test]
fn a_machine_that_is_well_is_never_said_to_have_a_problem_and_nothing_is_changed() {
    let (java, folder) = (java(), tempfile::tempdir().unwrap());
    let machine = beside_jvm(Machine::with_docker(&[WITH_IMAGE]), &java, folder.path());
    let cache = machine.home.path().parent().unwrap().join("cache");
    fetched(&cache);
    let before = tree(&cache);
    let found = Found::of(&machine.home, true);
    assert_eq!((found.ids("note"), found.ids("problem")), (vec![], vec![]), "{}", found.0);
    let ids = found.ids("ok");
    for id in ["docker", "image", "java", "kafka", "memory", "disk", "ports", "home", "cache"] {
        assert!(ids.iter().any(|found| found == id), "{id} in {ids:?}");
    }
    assert!(matches!(found.engine("containers"), (true, true, _)));
    let (ready, taken, why) = found.engine("jvm");
    assert!(ready && !taken && why.contains("--engine jvm"), "{why}");
    let (ready, taken, _) = found.engine("attach");
    assert!(!ready && !taken);
    assert!(!machine.home.path().exists(), "not even a home was made");
    assert_eq!(tree(&cache), before);
    for call in machine.calls() {
        let words: Vec<&str> = call.iter().take(2).map(String::as_str).collect();
        assert!(
            matches!(
                words[..],
                ["version" | "ps", ..]
                    | ["compose", "version"]
                    | ["image", "inspect"]
                    | ["volume" | "network", "ls"]
            ),
            "{call:?}"
        );
    }
}

#[test]
fn people_are_told_in_both_languages_with_signs_and_words() {
    let (java, folder) = (java(), tempfile::tempdir().unwrap());
    let well = beside_jvm(Machine::with_docker(&[WITH_IMAGE]), &java, folder.path());
    let ill = Machine::without_docker();
    for (lang, fine, problem, tour) in [
        ("en", "✓ well", "✗ problem", "kafka-workbook tour"),
        ("zh", "✓ 正常", "✗ 问题", "kafka-workbook tour"),
    ] {
        let shown = well.home.run(&["doctor", "--lang", lang]).exits(0).out;
        assert!(shown.contains(fine) && shown.contains(tour), "{shown}");
        assert!(!shown.contains('✗') && !shown.contains('\u{1b}'), "{shown}");
        let shown = ill.home.run(&["doctor", "--lang", lang]).exits(1).out;
        assert!(shown.contains(problem) && shown.contains("→ "), "{shown}");
        let begins = |line: &&str| line.starts_with(['✓', '✗', '–']);
        assert!(shown.lines().filter(begins).count() > 10, "{shown}");
    }
}

/// Whatever stands there, by its path: what it holds and when it was changed.
fn tree(folder: &Path) -> BTreeMap<PathBuf, (Vec<u8>, std::time::SystemTime)> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let changed = entry.metadata().unwrap().modified().unwrap();
        found.insert(path.clone(), (fs::read(&path).unwrap_or_default(), changed));
        if entry.file_type().unwrap().is_dir() {
            found.extend(tree(&path));
        }
    }
    found
}

#[test]
fn a_home_is_left_as_it_was_whatever_is_wrong_with_it() {
    let machine = Machine::with_docker(&[]);
    let home = machine.home.path();
    let cache = home.parent().unwrap().join("cache");
    for (path, text) in [
        (home.join("env/kraft-single/compose.yaml"), "nonsense"),
        (home.join("env/other/cluster.json"), "{"),
        (home.join("progress.log"), "nonsense\n{}\n"),
        (home.join("environment.lock"), ""),
        (cache.join("kafka/4.3.1/manifest.json"), "{"),
        (cache.join("kafka/4.3.1.new/entry/libs/a.jar"), "a"),
        (cache.join("golden/4.3.1-aa.419430499.new/nodes/a"), "a"),
        (cache.join("archives/4.3.1-bb/cluster/hosts"), "a"),
    ] {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let before = (tree(&home), tree(&cache));
    let found = Found::of(&machine.home, true);
    let (message, hint) = found.told("note", "left-environments");
    assert!(message.contains("env/kraft-single") && message.contains("env/other"), "{message}");
    assert!(hint.contains("kafka-workbook env down --all"), "{hint}");
    let (message, hint) = found.told("note", "left-in-cache");
    for part in ["kafka/4.3.1.new", "419430499.new", "4.3.1-bb/cluster"] {
        assert!(message.contains(part), "{part} in {message}");
    }
    assert!(hint.contains("rm -r '") && hint.contains("419430499.new'"), "{hint}");
    found.told("note", "kafka-cache-damaged");
    machine.home.run(&["doctor"]).exits(0);
    assert_eq!((tree(&home), tree(&cache)), before);
    // The cure cures.
    machine.home.json(&["env", "down", "--all"], 0);
    let found = Found::of(&machine.home, true);
    assert!(!found.ids("note").contains(&"left-environments".to_owned()), "{}", found.0);
}
