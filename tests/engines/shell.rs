//! The lab shell and Kafka's tools on its PATH.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use kafka_workbook::engine::cluster::EngineKind;
use kafka_workbook::engine::tools::TOOLS;
use rustix::process::{Pid, Signal, kill_process};

use crate::program::finish;
use crate::stage::{LAB, Stage, until};

/// JVMs at once: more do not help two cores.
const AT_ONCE: usize = 3;

pub fn a_command_gets_its_words_its_input_and_its_exit_code_through(engine: EngineKind) {
    let stage = Stage::started(engine);
    let words = ["printf", "%s|", "a b", "", "*", "$HOME", "--json", "-h"];
    assert_eq!(stage.shell(&words).exits(0).out, "a b||*|$HOME|--json|-h|");
    let echoed = finish(stage.in_shell(&["cat"]), "中\0\n".as_bytes());
    assert_eq!(echoed.exits(0).out, "中\0\n");
    stage.shell(&["sh", "-c", "exit 7"]).exits(7);
    let surroundings =
        stage.shell(&["sh", "-c", "echo $BOOTSTRAP_SERVERS $KAFKA_WORKBOOK_LAB; pwd"]);
    let workspace = stage.path().join("workspaces").join(LAB);
    assert_eq!(surroundings.out, format!("{} {LAB}\n{}\n", stage.bootstrap(), workspace.display()));
    let missing = stage.shell(&["no-such-program"]).exits(2);
    assert!(missing.err.contains("no-such-program cannot be run"), "{missing:?}");

    for name in ["kafka-topics", "kafka-topics.sh"] {
        assert_eq!(stage.tool(&[name, "--list"]), "old-topic\n");
    }
    let servers = stage.bootstrap();
    let unknown =
        ["kafka-topics.sh", "--bootstrap-server", &servers, "--describe", "--topic", "a b"];
    assert!(stage.shell(&unknown).exits(1).out.contains("Topic 'a b' does not exist"));
    // The program itself is on PATH too, and knows the home it was called in.
    stage.shell(&["kafka-workbook", "lab", "answer", LAB, "error", "x"]).exits(0);
}

/// A loop over lines in a shell script must not lose them to the first tool in it.
pub fn a_tool_leaves_the_input_that_it_does_not_read(engine: EngineKind) {
    let stage = Stage::started(engine);
    let script = "kafka-topics.sh --bootstrap-server $BOOTSTRAP_SERVERS --list; cat";
    let ran = finish(stage.in_shell(&["sh", "-c", script]), b"for whoever comes next\n").exits(0);
    assert_eq!(ran.out, "old-topic\nfor whoever comes next\n");
}

pub fn a_tool_reads_and_writes_the_learners_files(engine: EngineKind) {
    let stage = Stage::started(engine);
    let workspace = stage.path().join("workspaces").join(LAB);
    fs::write(workspace.join("client.properties"), "client.id=from-a-file\n").unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let absolute = elsewhere.path().join("move, \"all\".json");
    fs::write(&absolute, r#"{"topics": [{"topic": "old-topic"}], "version": 1}"#).unwrap();
    stage.tool(&["kafka-topics.sh", "--list", "--command-config", "client.properties"]);
    let plan = stage.tool(&[
        "kafka-reassign-partitions.sh",
        "--topics-to-move-json-file",
        absolute.to_str().unwrap(),
        "--broker-list",
        "1",
        "--generate",
    ]);
    assert!(plan.contains("\"topic\":\"old-topic\""), "{plan}");
}

/// `| head` is everyday; a consumer that it leaves behind would hold on to its partitions.
pub fn a_consumer_whose_reader_goes_away_leaves_its_group(engine: EngineKind) {
    let stage = Stage::started(engine);
    // More than a pipe holds, so that the consumer has to notice.
    let script = "b=\"--bootstrap-server $BOOTSTRAP_SERVERS\"
        seq 100000 | kafka-console-producer.sh $b --topic old-topic
        kafka-console-consumer.sh $b --topic old-topic --from-beginning --group g 2>/dev/null | head -1";
    let ran = stage.shell(&["sh", "-c", script]).exits(0);
    assert_eq!(ran.out.lines().count(), 1, "{ran:?}");
    let servers = stage.bootstrap();
    let delete = ["--bootstrap-server", &servers, "--delete", "--group", "g"];
    let delete = [&["kafka-consumer-groups.sh"], &delete[..]].concat();
    until("nobody is in the group", || (stage.shell(&delete).code == Some(0)).then_some(()));
    until("only the node is left", || (stage.running().len() == 1).then_some(()));
}

pub fn ctrl_c_ends_a_consumer_cleanly(engine: EngineKind) {
    let stage = Stage::started(engine);
    let servers = stage.bootstrap();
    let producer =
        ["kafka-console-producer.sh", "--bootstrap-server", &servers, "--topic", "old-topic"];
    finish(stage.in_shell(&producer), b"two words\n").exits(0);
    let consumer = [
        "kafka-console-consumer.sh",
        "--bootstrap-server",
        &servers,
        "--topic",
        "old-topic",
        "--from-beginning",
    ];
    let mut command = stage.in_shell(&consumer);
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let records = lines_of(&mut child);
    let received: Vec<String> =
        (0..13).map(|_| records.recv_timeout(Duration::from_mins(1)).unwrap()).collect();
    assert!(received.contains(&"two words".to_owned()), "{received:?}");
    // The shell became the tool: this process is the one that a terminal's Ctrl-C reaches.
    kill_process(Pid::from_child(&child), Signal::INT).unwrap();
    let status = until("the consumer has ended", || child.try_wait().unwrap());
    assert_eq!(status.code(), Some(130), "a JVM's own answer to SIGINT");
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!(stage.running().len(), 1, "only the node is left");
    assert!(err.contains("Processed a total of 13 messages"), "{err}");
}

/// What a child prints, as it comes.
pub fn lines_of(child: &mut Child) -> Receiver<String> {
    let output = BufReader::new(child.stdout.take().unwrap());
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        output.lines().map_while(Result::ok).try_for_each(|line| sender.send(line))
    });
    receiver
}

pub fn every_tool_starts(engine: EngineKind) {
    let stage = Stage::started(engine);
    let mut broken = Vec::new();
    for some in TOOLS.chunks(AT_ONCE) {
        let ended: Vec<_> = std::thread::scope(|scope| {
            let stage = &stage;
            let run = |name| scope.spawn(move || stage.shell(&[name, "--help"]));
            let running: Vec<_> = some.iter().map(|(name, _)| (*name, run(*name))).collect();
            running.into_iter().map(|(name, run)| (name, run.join().unwrap())).collect()
        });
        for (name, ran) in ended {
            let printed = format!("{}{}", ran.out, ran.err);
            // A tool without its class, or a class without another one.
            let classes = ["Could not find or load main class", "NoClassDefFound", "ClassNotFound"];
            if printed.trim().is_empty() || classes.iter().any(|text| printed.contains(text)) {
                broken.push(format!("{name}, {:?}: {printed}", ran.code));
            }
        }
    }
    assert!(broken.is_empty(), "{broken:#?}");
}
