//! Questions about groups, and what each fault hides.

use std::collections::{BTreeMap, BTreeSet};

use futures::StreamExt;
use futures::stream;
use kafka_protocol::messages::ApiKey::{
    ApiVersions, ConsumerGroupDescribe, DescribeGroups, FindCoordinator, ListGroups, Metadata,
    OffsetFetch,
};
use kafka_protocol::messages::GroupId;
use kafka_workbook::kafka::ask::AskError;
use kafka_workbook::kafka::client::Client;
use kafka_workbook::kafka::groups::{GroupType, committed_offsets, describe_group, list_groups};
use tokio::time::Instant;

use super::common::answers::{Answer, text};
use super::common::fake_broker::{FakeBroker, Fault};
use super::common::world::World;
use super::table::{Case, GROUP_APIS, group_cases};
use super::{MARGIN, PATIENCE, TURN, client};

pub fn world() -> World {
    let mut world = World::solved();
    world.add_groups();
    world
}

/// The questions, by name.
pub const QUESTIONS: [&str; 4] = ["list", "offsets", "describe classic", "describe consumer"];

/// An answer in words, so that answers of all kinds can be compared.
pub async fn ask(question: &str, client: &Client) -> Result<String, AskError> {
    match question {
        "list" => {
            let groups = list_groups(client).await?;
            let told = groups.iter().map(|g| format!("{} {:?} {}", g.id, g.group_type, g.state));
            Ok(told.collect::<Vec<_>>().join(", "))
        }
        "offsets" => {
            let offsets = committed_offsets(client, "classic").await?;
            let told = offsets.iter().map(|((topic, p), o)| format!("{topic} {p} {}", o.offset));
            Ok(told.collect::<Vec<_>>().join(", "))
        }
        _ => {
            let group = question.rsplit(' ').next().unwrap();
            let Some(found) = describe_group(client, group).await? else {
                return Ok("none".to_owned());
            };
            let members = found.members.iter().map(|m| format!("{} {:?}", m.host, m.assigned));
            let members: Vec<_> = members.collect();
            Ok(format!("{:?} {} {}", found.group_type, found.assignor, members.join(", ")))
        }
    }
}

pub fn truth(question: &str) -> &'static str {
    match question {
        "list" => "classic Classic Stable, consumer Consumer Stable",
        "offsets" => "quickstart-events 0 7, quickstart-events 2 0",
        "describe classic" => r#"Classic range /127.0.0.1 Some({"quickstart-events": {0, 2}})"#,
        _ => r#"Consumer uniform /127.0.0.1 Some({"quickstart-events": {0, 2}})"#,
    }
}

/// Whether a fault of this API hides the answer.
fn hides(case: &Case, question: &str) -> bool {
    match case.api {
        Metadata => true,
        FindCoordinator => question != "list",
        ListGroups => question == "list",
        OffsetFetch => question == "offsets",
        ConsumerGroupDescribe => question.starts_with("describe"),
        _ => question == "describe classic",
    }
}

#[tokio::test]
async fn a_node_without_fault_tells_everything() {
    let broker = FakeBroker::start(world()).await;
    let client = client(&[&broker]);
    for question in QUESTIONS {
        assert_eq!(ask(question, &client).await.as_deref(), Ok(truth(question)));
    }
}

/// The table: each fault hides what it hides, no more, and costs no more than the deadline.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_fault_is_an_error_within_the_deadline() {
    let _turn = TURN.lock().await;
    let cases: Vec<Case> = group_cases().into_iter().filter(|case| !is_no_fault(case)).collect();
    assert!(cases.len() > 150, "{} cases", cases.len());
    let wrong: Vec<String> =
        stream::iter(&cases).map(run).buffer_unordered(16).filter_map(async |w| w).collect().await;
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// A broker without KIP-848 is no broken one: its groups are classic.
fn is_no_fault(case: &Case) -> bool {
    let old = ["not listed", "only versions from 100", "a range that is none", "error 35"];
    case.api == ConsumerGroupDescribe && old.iter().any(|name| case.name.contains(name))
}

/// What is wrong about the answers, if anything.
async fn run(case: &Case) -> Option<String> {
    let broker = case.start().await;
    let client = client(&[&broker]);
    let mut wrong = Vec::new();
    for question in QUESTIONS {
        let begun = Instant::now();
        match ask(question, &client).await {
            Err(error) if hides(case, question) => {
                let text = error.cause();
                let names =
                    |told: &str| told.contains(broker.address()) && told.contains(case.request);
                if !names(&text.en) || !names(&text.zh) {
                    wrong.push(format!("{question}: {text:?}"));
                }
            }
            Ok(answer) if !hides(case, question) && answer == truth(question) => {}
            other => wrong.push(format!("{question}: {other:?}")),
        }
        if begun.elapsed() > 2 * PATIENCE + MARGIN {
            wrong.push(format!("{question}: took {:?}", begun.elapsed()));
        }
    }
    (!wrong.is_empty()).then(|| format!("{}: {}", case.name, wrong.join("; ")))
}

/// To be asked for a coordinator makes a broker create `__consumer_offsets`.
#[tokio::test]
async fn a_cluster_that_never_had_a_group_is_not_asked_for_coordinators() {
    let broker = FakeBroker::start(World::solved()).await;
    let client = client(&[&broker]);
    assert_eq!(list_groups(&client).await, Ok(vec![]));
    assert_eq!(committed_offsets(&client, "g").await, Ok(BTreeMap::new()));
    assert_eq!(describe_group(&client, "g").await, Ok(None));
    for api in GROUP_APIS {
        assert_eq!(broker.asked(api), 0, "{api:?}");
    }
}

#[tokio::test]
async fn a_group_that_does_not_exist_is_an_observation() {
    let broker = FakeBroker::start(world()).await;
    let client = client(&[&broker]);
    assert_eq!(committed_offsets(&client, "nobody").await, Ok(BTreeMap::new()));
    assert_eq!(describe_group(&client, "nobody").await, Ok(None));
    // What a broker may say instead of an empty list, and what one before 4.0 says.
    broker.fail(OffsetFetch, Fault::answer(|answer| answer.set_top_error(69)));
    assert_eq!(committed_offsets(&client, "classic").await, Ok(BTreeMap::new()));
    broker.fail(DescribeGroups, Fault::answer(|answer| answer.set_top_error(0)));
    assert_eq!(describe_group(&client, "nobody").await, Ok(None));
}

#[tokio::test]
async fn a_broker_without_consumer_groups_describes_classic_ones() {
    let off = Fault::answer(|answer| answer.set_top_error(35));
    let absent = Fault::answer(|answer| {
        let Answer::ApiVersions(body) = answer else { return };
        body.api_keys.retain(|k| k.api_key != ConsumerGroupDescribe as i16);
    });
    for (api, fault) in [(ConsumerGroupDescribe, off), (ApiVersions, absent)] {
        let broker = FakeBroker::start(world()).await;
        broker.fail(api, fault);
        let found = describe_group(&client(&[&broker]), "classic").await.unwrap().unwrap();
        assert_eq!(found.group_type, GroupType::Classic);
    }
}

#[tokio::test]
async fn an_older_broker_lists_groups_without_their_types() {
    let broker = FakeBroker::start(world()).await;
    broker.fail(
        ListGroups,
        Fault::answer(|answer| {
            let Answer::ListGroups(body) = answer else { return };
            body.groups[0].group_type = text("");
            body.groups[1].group_type = text("of-the-future");
        }),
    );
    let groups = list_groups(&client(&[&broker])).await.unwrap();
    assert!(groups.iter().all(|g| g.group_type == GroupType::Unknown), "{groups:?}");
}

#[tokio::test]
async fn an_answer_about_another_group_is_none() {
    let other = Fault::answer(|answer| match answer {
        Answer::FindCoordinator(body) => body.coordinators[0].key = text("other"),
        Answer::DescribeGroups(body) => body.groups[0].group_id = GroupId(text("other")),
        Answer::ConsumerGroupDescribe(body) => body.groups[0].group_id = GroupId(text("other")),
        Answer::OffsetFetch(body) => body.groups[0].group_id = GroupId(text("other")),
        _ => {}
    });
    for api in GROUP_APIS.into_iter().filter(|api| *api != ListGroups) {
        let broker = FakeBroker::start(world()).await;
        broker.fail(api, other.clone());
        let question = if api == OffsetFetch { "offsets" } else { "describe classic" };
        let error = ask(question, &client(&[&broker])).await.unwrap_err();
        assert!(matches!(error, AskError::Malformed { .. }), "{api:?}: {error}");
    }
}

/// Ids are whatever a client puts there.
#[tokio::test]
async fn a_group_id_may_hold_anything() {
    let ids = ["", " ", "中文\u{1b}[31m", "a/../b\n\0", "__consumer_offsets"];
    let mut world = world();
    let group = world.groups.remove("classic").unwrap();
    world.groups = ids.iter().map(|id| ((*id).to_owned(), group.clone())).collect();
    let broker = FakeBroker::start(world).await;
    let client = client(&[&broker]);
    let listed = list_groups(&client).await.unwrap();
    let listed: BTreeSet<&str> = listed.iter().map(|group| group.id.as_str()).collect();
    assert_eq!(listed, BTreeSet::from(ids));
    for id in ids {
        assert_eq!(committed_offsets(&client, id).await.unwrap().len(), 2, "{id:?}");
        assert!(describe_group(&client, id).await.unwrap().is_some(), "{id:?}");
    }
}
