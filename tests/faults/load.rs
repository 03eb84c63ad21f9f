//! Loading records into a cluster that does not take them.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use kafka_protocol::messages::ApiKey::{ApiVersions, Metadata};
use kafka_workbook::kafka::load::{NewRecord, load};
use kafka_workbook::problem::Explain;

use super::MARGIN;
use super::common::fake_broker::{FakeBroker, Fault};
use super::records::world;

const PATIENCE: Duration = Duration::from_secs(1);

fn records() -> impl Iterator<Item = NewRecord> + Send + 'static {
    (0..7).map(|n| NewRecord { partition: 0, key: None, value: vec![n] })
}

/// Threads of this process, by their names.
fn threads() -> Vec<String> {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap().map_while(Result::ok);
    tasks.filter_map(|task| std::fs::read_to_string(task.path().join("comm")).ok()).collect()
}

/// The error of a load, after which nothing of librdkafka's is left.
async fn refused(servers: String) -> String {
    let begun = Instant::now();
    let error = load(servers, "user-events".to_owned(), records(), PATIENCE).await.unwrap_err();
    let took = begun.elapsed();
    assert!(took < PATIENCE + MARGIN, "{took:?}: {error}");
    let text = error.problem().message;
    for told in [&text.en, &text.zh] {
        assert!(told.contains("user-events") && told.contains('7'), "{told}");
    }
    let left: Vec<String> = threads().into_iter().filter(|name| name.starts_with("rdk:")).collect();
    assert!(left.is_empty(), "{left:?}");
    text.en
}

/// One test, because it counts the process' threads.
#[tokio::test]
async fn a_load_that_is_not_taken_is_an_error_in_time_and_leaves_no_threads() {
    let nobody = TcpListener::bind("127.0.0.1:0").unwrap();
    let mute = nobody.local_addr().unwrap().to_string();
    println!("mute: {}", refused(mute.clone()).await);
    drop(nobody);
    println!("refused: {}", refused(mute).await);
    println!("no address: {}", refused("nonsense.invalid:1".to_owned()).await);
    for (api, fault) in [
        (ApiVersions, Fault::Silence),
        (ApiVersions, Fault::Bytes(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec())),
        (Metadata, Fault::Silence),
        (Metadata, Fault::Reset),
        (Metadata, Fault::answer(|answer| answer.set_top_error(29))),
    ] {
        let broker = FakeBroker::start(world()).await;
        broker.fail(api, fault);
        println!("{api:?}: {}", refused(broker.address().to_owned()).await);
    }
}
