//! A `ZooKeeper` that fails in every way it can: `unknown` within the deadline, never `failed`.

use std::collections::BTreeMap;
use std::time::Duration;

use kafka_workbook::course::{Course, Source};
use kafka_workbook::grade::round::{Grader, Round};
use kafka_workbook::grade::snapshot::Learner;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::time::Instant;

use super::common::fake_broker::FakeBroker;
use super::common::world::World;
use super::{MARGIN, PATIENCE, client};

/// A server that says this to whoever connects, and then is silent or closes.
async fn server(words: &'static [u8], closes: bool) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap().to_string();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut first = [0; 64];
                let _ = stream.read(&mut first).await;
                let _ = stream.write_all(words).await;
                let mut rest = Vec::new();
                if !closes {
                    let _ = stream.read_to_end(&mut rest).await;
                }
            });
        }
    });
    address
}

/// One round of lab D01-3 with every answer typed, and how long it took.
async fn round(zookeeper: String) -> (Round, Duration) {
    let broker = FakeBroker::start(World::solved()).await;
    let course = Course::load(&Source::Embedded).unwrap();
    let client = client(&[&broker]).with_zookeepers(vec![zookeeper]);
    let grader = Grader::new(course.lab("D01-3").unwrap().checks.clone(), client);
    let typed = [
        ("controller", "1"),
        ("controller-znode", "/controller"),
        ("brokers-znode", "/brokers/ids"),
    ];
    let answers: BTreeMap<String, String> =
        typed.map(|(field, value)| (field.to_owned(), value.to_owned())).into();
    let begun = Instant::now();
    let round = grader.round(Learner { answers: &answers, ..Learner::default() }).await;
    (round, begun.elapsed())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_zookeeper_does_is_unknown_within_the_deadline() {
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    // A session whose password is longer than its frame, a frame of two gigabytes, half a frame.
    let broken = b"\x00\x00\x00\x18\x00\x00\x00\x00\x00\x00\x17\x70\x00\x00\x00\x00\x00\x00\x00\x07\x7f\xff\xff\xff\x00\x00\x00\x00";
    let servers = [
        ("refused", nobody.to_string()),
        ("silent", server(b"", false).await),
        ("closed", server(b"", true).await),
        ("half a frame", server(b"\x00\x00\x00\x25\x00\x00", false).await),
        ("half a frame, closed", server(b"\x00\x00\x00\x25\x00\x00", true).await),
        ("another language", server(b"HTTP/1.1 400 Bad Request\r\n\r\n", true).await),
        ("a broken session", server(broken, false).await),
        ("a huge frame", server(b"\x7f\xff\xff\xff", false).await),
    ];
    for (fault, address) in servers {
        let (round, took) = round(address.clone()).await;
        let words: Vec<&str> = round.iter().map(|(_, verdict)| verdict.word()).collect();
        assert_eq!(words, ["unknown", "unknown", "passed", "passed"], "{fault}: {round:?}");
        let cause = format!("{:?}", round[0].1);
        assert!(cause.contains(&address), "{fault} does not name who: {cause}");
        assert!(took < 2 * PATIENCE + MARGIN, "{fault} took {took:?}");
    }
}
