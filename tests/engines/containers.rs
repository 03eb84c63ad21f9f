//! What only containers have: labels, images, networks, and others who use the same engine.

use std::ffi::OsString;
use std::fs;
use std::net::TcpListener;
use std::process::{Command, Stdio};

use kafka_workbook::engine::cluster::EngineKind;
use kafka_workbook::engine::containers::Containers;
use kafka_workbook::engine::containers::docker::Docker;
use kafka_workbook::engine::containers::tools::Network;
use kafka_workbook::engine::store;
use serde_json::{Value, json};

use crate::program::{Home, Ran, finish};
use crate::stage::{COMPOSE_FILE, LAB, Stage, docker, until};

pub fn everything_is_labelled_and_open_to_this_machine_only(engine: EngineKind) {
    let stage = Stage::started(engine);
    let container = stage.node()["container"].as_str().unwrap().to_owned();
    assert!(container.starts_with("kafka-workbook-kraft-single-"), "{container}");
    assert_eq!(stage.labelled(&["ps", "--all", "--format", "{{.Names}}"]), [&*container]);
    assert_eq!(published_on(&container), ["127.0.0.1"]);
    // All that the container uses was made for it, and will go with it.
    let format = "{{range .Mounts}}{{.Type}} {{.Name}}\n{{end}}";
    let volumes = labelled_as(&stage, &["volume", "ls", "--format", "volume {{.Name}}"]);
    assert_eq!(lines(&docker(&["inspect", "--format", format, &container])), volumes);
    assert_eq!(volumes.len(), 3, "one for each VOLUME of the image");
    let format = "{{range $name, $_ := .NetworkSettings.Networks}}{{$name}}\n{{end}}";
    let networks = labelled_as(&stage, &["network", "ls", "--format", "{{.Name}}"]);
    assert_eq!(lines(&docker(&["inspect", "--format", format, &container])), networks);
}

fn labelled_as(stage: &Stage, words: &[&str]) -> Vec<String> {
    lines(&stage.labelled(words).join("\n"))
}

/// Lines that are not empty, sorted.
fn lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> =
        text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect();
    lines.sort();
    lines
}

/// The addresses of this machine that a container's ports are bound to.
fn published_on(container: &str) -> Vec<String> {
    let ports = docker(&["inspect", "--format", "{{json .NetworkSettings.Ports}}", container]);
    let ports: Value = serde_json::from_str(&ports).unwrap();
    let bound = ports.as_object().unwrap().values().filter_map(Value::as_array).flatten();
    let mut addresses: Vec<String> =
        bound.map(|one| one["HostIp"].as_str().unwrap().to_owned()).collect();
    addresses.sort();
    addresses.dedup();
    addresses
}

/// Neither what the file says nor what the caller's environment says opens a port to the network.
pub fn a_file_that_publishes_to_the_network_is_bound_to_loopback(engine: EngineKind) {
    let text = fs::read_to_string(COMPOSE_FILE).unwrap();
    for address in ["", "${BIND-127.0.0.1}:", "${BIND:-${BIND2:-127.0.0.1}}:"] {
        let stage = Stage::in_home(engine, Home::new().with("BIND", "0.0.0.0").with("BIND2", "::"));
        let file = stage.path().with_file_name("My_own.v2.yaml");
        let open = text.replace("\"127.0.0.1:${", &format!("\"{address}${{"));
        assert_ne!(open, text);
        fs::write(&file, open).unwrap();
        let words = ["env", "up", "--engine", engine.name(), "--file", file.to_str().unwrap()];
        let up = stage.json(&words, 0);
        assert_eq!(up["environment"], "My_own.v2");
        assert_eq!(published_on(up["nodes"][0]["container"].as_str().unwrap()), ["127.0.0.1"]);
        stage.json(&["env", "down", "--all"], 0);
        assert!(stage.traces().is_empty());
    }
}

pub fn a_path_of_the_host_begins_where_the_file_lies(engine: EngineKind) {
    let stage = Stage::new(engine);
    let folder = stage.path().with_file_name("mine");
    fs::create_dir_all(folder.join("conf")).unwrap();
    fs::write(folder.join("conf/server.properties"), "num.partitions=7\n").unwrap();
    let text = fs::read_to_string(COMPOSE_FILE).unwrap();
    let bound =
        text.replace("- kafka-config:/mnt", "- ./conf:/mnt").replace("  kafka-config:\n", "");
    fs::write(folder.join("bound.yaml"), bound).unwrap();
    let file = folder.join("bound.yaml").display().to_string();
    let up = stage.json(&["env", "up", "--engine", engine.name(), "--file", &file], 0);
    let container = up["nodes"][0]["container"].as_str().unwrap();
    let seen = docker(&["exec", container, "cat", "/mnt/shared/config/server.properties"]);
    assert_eq!(seen, "num.partitions=7\n");
}

/// Docker starts a container that met a busy port without its ports ever after.
pub fn a_node_that_met_a_busy_port_gets_its_ports_back(engine: EngineKind) {
    let stage = Stage::started(engine);
    stage.tool(&["kafka-topics.sh", "--create", "--topic", "mine"]);
    let port = stage.bootstrap().rsplit_once(':').unwrap().1.parse::<u16>().unwrap();
    stage.json(&["env", "stop"], 0);
    let held = until("the port is free", || TcpListener::bind(("127.0.0.1", port)).ok());
    assert_eq!(stage.json(&["env", "start"], 1)["error"]["code"], "port-busy");
    drop(held);
    stage.json(&["env", "start"], 0);
    assert_eq!(stage.tool(&["kafka-topics.sh", "--list"]), "mine\nold-topic\n");
}

pub fn what_is_removed_behind_its_back_comes_back_with_its_data(engine: EngineKind) {
    let stage = Stage::started(engine);
    stage.tool(&["kafka-topics.sh", "--create", "--topic", "mine"]);
    let container = stage.node()["container"].as_str().unwrap().to_owned();
    docker(&["rm", "--force", &container]);
    let node = stage.node();
    assert_eq!((&node["state"], &node["container"]), (&json!("stopped"), &Value::Null));
    assert_eq!(stage.json(&["lab", "check", LAB], 3)["checks"][0]["verdict"], "unknown");
    stage.json(&["env", "up"], 0);
    assert_eq!(stage.tool(&["kafka-topics.sh", "--list"]), "mine\nold-topic\n");
    // With its volumes gone there is nothing to come back to, and a reset begins anew.
    stage.json(&["env", "kill"], 0);
    let words = stage.start_words();
    docker(&["rm", "--force", &container]);
    stage.labelled(&["volume", "ls", "-q"]).iter().for_each(|volume| {
        docker(&["volume", "rm", volume]);
    });
    stage.json(&words, 0);
    assert_eq!(stage.tool(&["kafka-topics.sh", "--list"]), "old-topic\n");
}

pub fn a_tool_that_was_killed_goes_with_the_cluster(engine: EngineKind) {
    let stage = Stage::started(engine);
    let servers = stage.bootstrap();
    let words =
        ["kafka-console-consumer.sh", "--bootstrap-server", &servers, "--topic", "old-topic"];
    let mut consumer = stage.in_shell(&words).stdout(Stdio::null()).spawn().unwrap();
    until("the tool's container runs", || (stage.running().len() == 2).then_some(()));
    consumer.kill().unwrap();
    consumer.wait().unwrap();
    assert_eq!(stage.running().len(), 2, "nobody could tell it to end");
    assert_eq!(stage.node()["state"], "running", "and it is no node");
    stage.json(&["env", "down", "--all"], 0);
    assert!(stage.traces().is_empty());
}

/// Docker Desktop and rootless engines do not share this machine's network; this one could.
pub fn tools_work_on_the_projects_network_too(engine: EngineKind) {
    let stage = Stage::started(engine);
    let cluster = store::read(&stage.paths()).unwrap();
    let containers = Containers::new(stage.paths());
    let tool = |name: &str, words: &[&str]| -> Ran {
        let words: Vec<OsString> = words.iter().map(OsString::from).collect();
        let docker = Docker::find().unwrap();
        let tool = containers.tool_on(&docker, Network::Project, &cluster, (name, &words));
        finish(tool.unwrap().command, b"one\ntwo\n").exits(0)
    };
    let (servers, controllers) = (cluster.bootstrap_servers(), cluster.controllers().join(","));
    tool("kafka-topics", &["--bootstrap-server", &servers, "--create", "--topic", "mine"]);
    let produce = format!("--bootstrap-server={servers}");
    tool("kafka-console-producer.sh", &[&produce, "--topic", "mine"]);
    let read = ["--topic", "mine", "--from-beginning", "--max-messages", "2"];
    let read =
        tool("kafka-console-consumer", &[&["--bootstrap-server", &servers], &read[..]].concat());
    assert_eq!(read.out, "one\ntwo\n");
    let quorum = ["--bootstrap-controller", &controllers, "describe", "--status"];
    assert!(tool("kafka-metadata-quorum", &quorum).out.contains("LeaderId"));
}

/// A home's folder may be deleted while its cluster runs.
pub fn what_is_not_written_down_goes_by_its_label(engine: EngineKind) {
    let (stage, other) = (Stage::started(engine), Stage::started(engine));
    let neighbours = other.traces();
    fs::remove_dir_all(stage.path()).unwrap();
    assert_eq!(stage.json(&["env", "status"], 0)["environment"], Value::Null);
    assert_eq!(stage.running().len(), 1);
    stage.json(&["env", "down", "--all"], 0);
    assert!(stage.traces().is_empty());
    assert_eq!(other.traces(), neighbours);
}

pub fn an_image_that_is_not_to_be_had_leaves_nothing(engine: EngineKind) {
    let image = "localhost:1/kafka-workbook/nonsense:4.3.1";
    let stage = Stage::in_home(engine, Home::new().with("KAFKA_IMAGE", image));
    let error = stage.json(&stage.start_words(), 1)["error"].clone();
    assert_eq!(error["code"], "image-missing", "{error}");
    assert!(error["message"].as_str().unwrap().contains(image), "{error}");
    assert!(error["hint"].as_str().unwrap().contains("KAFKA_IMAGE"), "{error}");
    assert_eq!(stage.json(&["lab", "check", LAB], 2)["error"]["code"], "not-started");
    assert!(stage.traces().is_empty());
}

/// The file is a learner's to read and to run without this program.
pub fn the_compose_file_runs_by_itself(_engine: EngineKind) {
    let project = Project;
    project.compose(&["up", "--detach", "--pull", "never"]);
    let image = std::env::var("KAFKA_IMAGE").unwrap_or_else(|_| "apache/kafka:4.3.1".to_owned());
    let server = format!("localhost:{}", Project::PORT);
    let tool =
        ["run", "--rm", "--network", "host", "--entrypoint", "/opt/kafka/bin/kafka-topics.sh"];
    let words = ["--bootstrap-server", &server, "--create", "--if-not-exists", "--topic", "mine"];
    until("the broker answers", || {
        let mut topics = Command::new("docker");
        topics.args(tool).arg(&image).args(words);
        (finish(topics, b"").code == Some(0)).then_some(())
    });
    assert_eq!(published_on(&format!("{}-kafka-1", Project::NAME)), ["127.0.0.1"]);
    project.compose(&["down", "--volumes"]);
    let label = format!("label=com.docker.compose.project={}", Project::NAME);
    for kind in [&["ps", "--all"][..], &["volume", "ls"], &["network", "ls"]] {
        let left = docker(&[kind, &["--quiet", "--filter", &label][..]].concat());
        assert_eq!(left, "", "{kind:?}");
    }
}

/// The compose file under Docker alone; what it has brought up goes away with this.
struct Project;

impl Project {
    const NAME: &str = "kafka-workbook-test-alone";
    const PORT: u16 = 31_292;

    #[track_caller]
    #[expect(clippy::unused_self, reason = "whoever brings something up has to hold a Project")]
    fn compose(&self, words: &[&str]) {
        finish(Self::command(words), b"").exits(0);
    }

    fn command(words: &[&str]) -> Command {
        let mut command = Command::new("docker");
        command.args(["compose", "-p", Self::NAME, "-f", COMPOSE_FILE]).args(words);
        command.env("KAFKA_PORT", Self::PORT.to_string());
        command.env("KAFKA_CONTROLLER_PORT", (Self::PORT + 1).to_string());
        command
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        // Whatever has failed, nothing is left behind.
        let _ = Self::command(&["down", "--volumes"]).output();
    }
}
