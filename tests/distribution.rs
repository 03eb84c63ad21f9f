//! The real thing: Kafka through the Maven of this machine.

use std::env;
use std::process::Command;
use std::time::Instant;

use kafka_workbook::engine::jvm::distribution::{Source, Wanted, provide};
use kafka_workbook::engine::programs::find_program;
use kafka_workbook::engine::report::Silent;

#[test]
fn maven_brings_a_kafka_that_starts() {
    let (Some(maven), Some(java)) = (find_program("mvn"), find_program("java")) else {
        println!("SKIPPED: needs `mvn` and `java` on PATH");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let wanted = Wanted {
        version: "4.3.1",
        cache: folder.path(),
        kafka_home: None,
        // Maven or nothing.
        archive_url: Some("http://127.0.0.1:1/dist"),
        maven: Some(&maven),
    };
    let begun = Instant::now();
    let got = provide(&wanted, &Silent).unwrap();
    println!("{} jars in {:?}", got.jars.len(), begun.elapsed());
    assert_eq!(got.source, Source::Maven);
    assert!(got.jars.is_sorted_by_key(|jar| jar.file_name().map(ToOwned::to_owned)));

    let class_path = env::join_paths(&got.jars).unwrap();
    let ran = Command::new(java).arg("-cp").arg(class_path).arg("kafka.Kafka").output().unwrap();
    let usage =
        format!("{}{}", String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(usage.contains("USAGE: java [options] kafka.Kafka server.properties"), "{usage}");
    assert!(!usage.contains("SLF4J: Failed to load class"), "{usage}");

    let begun = Instant::now();
    let again = provide(&wanted, &Silent).unwrap();
    println!("again in {:?}", begun.elapsed());
    assert_eq!((again.source, again.jars), (Source::Cache, got.jars));
}
