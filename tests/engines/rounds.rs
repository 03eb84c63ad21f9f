//! Rounds of checks right after a change.

use std::time::Duration;

use kafka_workbook::engine::cluster::EngineKind;
use kafka_workbook::engine::store;
use kafka_workbook::grade::round::Grader;
use kafka_workbook::grade::snapshot::Learner;
use kafka_workbook::grade::spec::{CheckKind, CheckSpec, TopicSpec};
use kafka_workbook::kafka::admin::{NewTopic, create_topics};

use crate::stage::Stage;

/// Enough for a broker that lags a few milliseconds to be caught at it: it was in one of five.
const CHANGES: usize = 60;

const PATIENCE: Duration = Duration::from_secs(5);

/// The controller acknowledges a change before the broker lists it. A verdict that rested on the
/// broker alone would call right work wrong.
pub fn a_change_shows_in_the_very_next_round(engine: EngineKind) {
    let stage = Stage::started(engine);
    let cluster = store::read(&stage.paths()).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    for number in 0..CHANGES {
        let name = format!("change-{number}");
        let grader = Grader::new(vec![check(&name)], cluster.client(PATIENCE));
        let round = runtime.block_on(async {
            let client = cluster.client(PATIENCE);
            grader.round(Learner::default()).await;
            let topic = NewTopic { name: name.clone(), partitions: 3, replication_factor: 1 };
            create_topics(&client, &client.brokers()[0], &[topic]).await.unwrap();
            grader.round(Learner::default()).await
        });
        assert!(round[0].1.passed(), "{name}: {:?}", round[0].1);
    }
}

fn check(topic: &str) -> CheckSpec {
    let spec = TopicSpec { topic: topic.to_owned(), partitions: 3, replication_factor: 1 };
    CheckSpec { id: topic.to_owned(), points: 1, needs: Vec::new(), kind: CheckKind::Topic(spec) }
}
