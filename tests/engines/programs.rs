//! `lab run`: the learner's program, from its first start to the end of all that it has started.

use std::fs;
use std::time::{Duration, Instant};

use kafka_workbook::engine::cluster::EngineKind;
use rustix::process::Signal;
use serde_json::json;

use crate::own::{OWN, Own, until_committed, until_exit, what, words};
use crate::stage::{LAB, Stage, until};

/// Produces and consumes with Kafka's own tools.
const TOOLS: &str = r#"#!/bin/sh
printf '%s\n' "$#" "$1" "$2" "$TOPIC" "$KEYS" "$BOOTSTRAP_SERVERS" "$PWD" > "seen-$1"
command -v kafka-topics.sh >> "seen-$1"
tool="--bootstrap-server $BOOTSTRAP_SERVERS --topic $TOPIC"
case $1 in
produce) seq 6 | kafka-console-producer.sh $tool ;;
consume) exec kafka-console-consumer.sh $tool --group readers --from-beginning ;;
esac
"#;

/// Says which signal it got.
const TRAPS: &str = r#"#!/bin/bash
trap 'echo TERM >> got; exit 0' TERM
trap 'echo INT >> got; exit 0' INT
echo "$1" >> started
for n in $(seq 1200); do sleep 0.05; done
"#;

fn both() -> [String; 2] {
    [until_exit("produce", 60), until_committed("[\"consume\", \"two words\"]")]
}

pub fn a_program_is_run_from_start_to_start_and_graded(engine: EngineKind) {
    let own = Own::started(engine, &both());
    own.program(TOOLS);
    let run = own.host("run");
    let told: Vec<String> = (0..6).map(|_| run.told()).collect();
    let expected =
        ["started produce", "ended 0", "started consume", "stopping done", "ended 143", "result 4"];
    assert_eq!(told, expected);
    let ended = run.end().exits(1);
    assert_eq!(ended.out, "");
    // What the program writes is not for whoever reads verdicts.
    assert!(ended.err.contains("Processed a total of 6 messages"), "{}", ended.err);
    own.only_the_node_is_left();
    the_surroundings_are_those_of_the_lab(&own);

    // All that is missing is typed: the same run again would write the records twice.
    let counts = own.json(&["lab", "check", OWN], 1);
    assert_eq!(words(&counts), ["passed", "passed", "failed"]);
    own.program("#!/bin/sh\nexit 0\n");
    let counts = [(0..=6).map(|n| format!("{n},{}", 6 - n))].into_iter().flatten();
    for answer in counts {
        own.answer(&answer);
        if own.run(&["lab", "check", OWN]).code == Some(0) {
            break;
        }
    }
    // The group is at the end already, also when the program ends by itself.
    let run = own.host("run");
    let told: Vec<String> = std::iter::repeat_with(|| run.told()).take(2).collect();
    assert_eq!(told, ["started produce", "ended 0"]);
    while run.told() != "result 5" {}
    run.end().exits(0);
    let watch = own.host("watch");
    assert_eq!(watch.verdicts(), ["passed"; 3]);
    watch.signal(Signal::TERM);
    watch.end().exits(0);
}

fn the_surroundings_are_those_of_the_lab(own: &Own) {
    let seen = |name: &str| fs::read_to_string(own.workspace().join(name)).unwrap();
    let seen_by_first = seen("seen-produce");
    let lines: Vec<&str> = seen_by_first.lines().collect();
    let servers = own.bootstrap();
    let folder = own.workspace().display().to_string();
    assert_eq!(lines[..4], ["1", "produce", "", "events"]);
    assert_eq!(lines[4].split(',').filter(|key| key.starts_with("key-")).count(), 10);
    assert_eq!(lines[5..7], [servers.as_str(), folder.as_str()]);
    assert!(lines[7].starts_with(own.path().to_str().unwrap()), "{}", lines[7]);
    assert!(seen("seen-consume").starts_with("2\nconsume\ntwo words\nevents\n"));
}

pub fn what_cannot_be_run_is_told_before_anything_starts(engine: EngineKind) {
    let plain = Stage::new(engine);
    assert_eq!(plain.json(&["lab", "run", LAB], 2)["error"]["code"], "not-started");
    plain.start();
    assert_eq!(plain.json(&["lab", "run", LAB], 2)["error"]["code"], "no-program-asked");
    drop(plain);

    let own = Own::started(engine, &[until_exit("only", 60)]);
    let refused = |code: &str| {
        let error = own.json(&["lab", "run", OWN], 2)["error"].clone();
        assert_eq!(error["code"], code);
        let said = format!("{error}");
        assert!(said.contains(own.workspace().join("run").to_str().unwrap()), "{said}");
    };
    refused("no-program");
    fs::create_dir(own.workspace().join("run")).unwrap();
    refused("no-program");
    fs::remove_dir(own.workspace().join("run")).unwrap();
    own.file("run", "#!/bin/sh\n", 0o644);
    refused("program-not-executable");
    own.program("echo no interpreter is named\n");
    refused("program-not-started");
    own.program("#!/nonsense/interpreter\n");
    refused("program-not-started");
    let text = own.run(&["lab", "run", OWN]).exits(2);
    assert_eq!(text.out, "");
    assert!(text.err.contains("#!"), "{}", text.err);
}

pub fn a_program_that_fails_is_the_last_one(engine: EngineKind) {
    let own = Own::started(engine, &[until_exit("first", 60), until_exit("second", 60)]);
    own.program("#!/bin/sh\nexit 3\n");
    let run = own.host("run");
    assert_eq!([run.told(), run.told(), run.told()], ["started first", "ended 3", "result 0"]);
    run.end().exits(1);

    // A consumer that gives up before its time has not done what it was to do.
    own.program("#!/bin/sh\nkill -9 $$\n");
    let run = own.host("run");
    assert_eq!([run.told(), run.told(), run.told()], ["started first", "ended by 9", "result 0"]);
    run.end().exits(1);
    // What could not be asked is told first.
    own.program("#!/bin/sh\nkafka-workbook env pause > /dev/null; exit 3\n");
    let run = own.host("run");
    while run.told() != "result 0" {}
    run.end().exits(3);
}

pub fn a_program_that_does_not_stop_is_killed_with_all_that_it_started(engine: EngineKind) {
    let own = Own::started(engine, &[until_exit("deaf", 1), until_exit("never", 1)]);
    own.file(
        "helper",
        "#!/bin/bash\ntrap '' TERM\nfor n in $(seq 600); do sleep 0.1; done\n",
        0o755,
    );
    own.program(
        "#!/bin/bash\ntrap '' TERM\n\"$PWD/helper\" &\nfor n in $(seq 600); do sleep 0.1; done\n",
    );
    let begun = Instant::now();
    let run = own.host("run");
    let told: Vec<String> = (0..5).map(|_| run.told()).collect();
    assert_eq!(told, ["started deaf", "stopping too-late", "killed", "ended by 9", "result 0"]);
    run.end().exits(1);
    assert!(begun.elapsed() > Duration::from_secs(10), "there is a grace");
    own.only_the_node_is_left();
}

/// A script that does not `exec` its program: the program is told to stop, and waited for, too.
pub fn a_program_behind_a_script_gets_its_signal_and_its_time(engine: EngineKind) {
    let own = Own::started(engine, &[until_exit("scripted", 1)]);
    let helper = "#!/bin/bash\ntrap 'sleep 1; echo done > got; exit 0' TERM\n\
        for n in $(seq 600); do sleep 0.1; done\n";
    own.file("helper", helper, 0o755);
    own.program("#!/bin/sh\n\"$PWD/helper\"\necho after > after\n");
    let run = own.host("run");
    let told: Vec<String> = (0..4).map(|_| run.told()).collect();
    assert_eq!(told, ["started scripted", "stopping too-late", "ended by 15", "result 0"]);
    run.end().exits(1);
    assert_eq!(fs::read_to_string(own.workspace().join("got")).unwrap(), "done\n");
    own.only_the_node_is_left();

    // What a program leaves when it ends by itself goes as well.
    own.program("#!/bin/sh\n\"$PWD/helper\" &\nexit 0\n");
    let run = own.host("run");
    while !run.told().starts_with("result") {}
    run.end().exits(1);
    own.only_the_node_is_left();
}

/// In a terminal the whole process group gets SIGINT; a program that ends well at it must not be
/// taken for one that is done.
pub fn ctrl_c_stops_the_program_and_starts_no_other(engine: EngineKind) {
    let own = Own::started(engine, &[until_exit("first", 60), until_exit("second", 60)]);
    own.program(TRAPS);
    for group in [true, false] {
        let run = own.host("run");
        assert_eq!(run.told(), "started first");
        let started = own.workspace().join("started");
        until("the program runs", || {
            fs::read_to_string(&started).ok().filter(|s| s.ends_with('\n'))
        });
        if group {
            run.ctrl_c();
        } else {
            run.signal(Signal::INT);
        }
        assert_eq!(
            [run.told(), run.told(), run.told()],
            ["stopping called-off", "ended 0", "result 0"]
        );
        run.end().exits(1);
        assert_eq!(fs::read_to_string(&started).unwrap(), "first\n");
        assert_eq!(fs::read_to_string(own.workspace().join("got")).unwrap(), "TERM\n");
        own.only_the_node_is_left();
        fs::remove_file(started).unwrap();
        fs::remove_file(own.workspace().join("got")).unwrap();
    }
}

pub fn a_program_whose_attempt_ends_is_stopped(engine: EngineKind) {
    let own = Own::started(engine, &[until_exit("first", 60), until_exit("second", 60)]);
    own.program(TRAPS);
    let ends: [&dyn Fn(); 2] =
        [&|| drop(own.again()), &|| drop(own.run(&["lab", "stop", OWN]).exits(0))];
    for end in ends {
        let run = own.host("run");
        assert_eq!(run.told(), "started first");
        end();
        assert_eq!([run.told(), run.told()], ["stopping called-off", "ended 0"]);
        let over = run.next();
        assert_eq!((what(&over).as_str(), &over["schema"]), ("error attempt-over", &json!(1)));
        run.end().exits(2);
    }
    assert!(own.traces().is_empty(), "{:?}", own.traces());
}
