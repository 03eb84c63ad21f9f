//! The faults, each with what it hides and what the cause must name.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use kafka_protocol::messages::ApiKey::{
    self, ApiVersions, ConsumerGroupDescribe, DescribeGroups, DescribeQuorum, Fetch,
    FindCoordinator, ListGroups, ListOffsets, Metadata, OffsetFetch,
};
use kafka_workbook::grade::verdict::Verdict;

use crate::common::answers::Answer;
use crate::common::fake_broker::{FakeBroker, Fault};
use crate::common::metadata_log::batch;
use crate::common::world::World;

/// A way to fail.
pub struct Case {
    /// What it is called when it goes wrong.
    pub name: String,
    /// The API that fails: what it tells is hidden.
    pub api: ApiKey,
    /// The request that the cause must name.
    pub request: &'static str,
    faults: Vec<(ApiKey, Fault)>,
    /// The topic whose Fetch fails; `None`: every one.
    pub topic: Option<&'static str>,
    change: fn(&mut World),
}

impl Case {
    pub fn new(name: impl Into<String>, api: ApiKey, fault: Fault) -> Self {
        let request = request_of(api);
        let faults = vec![(api, fault)];
        Self { name: name.into(), api, request, faults, topic: None, change: |_| {} }
    }

    /// A fault in what the node knows.
    pub fn world(name: &str, api: ApiKey, change: fn(&mut World)) -> Self {
        Self { change, faults: vec![], ..Self::new(name, api, Fault::Close) }
    }

    /// The same fault, but of one topic's Fetch alone, and of a node that knows more.
    pub fn of(self, topic: Option<&'static str>, change: fn(&mut World)) -> Self {
        Self { topic, change, ..self }
    }

    /// The same fault of a node that has groups besides.
    fn with_groups(self) -> Self {
        Self { change: World::add_groups, ..self }
    }

    /// A node that fails so.
    pub async fn start(&self) -> FakeBroker {
        let mut world = World::solved();
        (self.change)(&mut world);
        let broker = FakeBroker::start(world).await;
        for (api, fault) in &self.faults {
            match self.topic {
                Some(topic) if *api == Fetch => broker.fail_fetch(topic, fault.clone()),
                _ => broker.fail(*api, fault.clone()),
            };
        }
        broker
    }

    /// The checks of the lab that cannot be decided.
    pub fn hides(&self, check: &str) -> bool {
        match self.api {
            ApiVersions => check != "error",
            Metadata => ["partitions", "old-topic"].contains(&check),
            _ => ["grown", "old-topic"].contains(&check),
        }
    }
}

/// What is wrong about verdicts under a fault: what it hides is unknown, and the cause names node
/// and request; all else passes.
pub fn unlike(
    case: &Case,
    verdicts: &BTreeMap<String, Verdict>,
    node: &str,
    hides: impl Fn(&str) -> bool,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for (check, verdict) in verdicts {
        match verdict {
            Verdict::Unknown { cause } if hides(check) => {
                let names = |text: &str| text.contains(node) && text.contains(case.request);
                if !names(&cause.en) || !names(&cause.zh) {
                    wrong.push(format!("{check}: {cause:?}"));
                }
            }
            Verdict::Passed { .. } if !hides(check) => {}
            other => wrong.push(format!("{check}: {other:?}")),
        }
    }
    wrong
}

const fn request_of(api: ApiKey) -> &'static str {
    match api {
        ApiVersions => "ApiVersionsRequest",
        Metadata => "MetadataRequest",
        DescribeQuorum => "DescribeQuorumRequest",
        FindCoordinator => "FindCoordinatorRequest",
        ListGroups => "ListGroupsRequest",
        DescribeGroups => "DescribeGroupsRequest",
        ConsumerGroupDescribe => "ConsumerGroupDescribeRequest",
        OffsetFetch => "OffsetFetchRequest",
        ListOffsets => "ListOffsetsRequest",
        _ => "FetchRequest",
    }
}

/// Every fault of every API that the grader uses.
pub fn cases() -> Vec<Case> {
    let mut cases = Vec::new();
    for api in [ApiVersions, Metadata, DescribeQuorum, Fetch] {
        cases.extend(transport(api));
        cases.push(absurd_compact_array(api));
        cases.extend(error_codes(api));
    }
    for api in [Metadata, DescribeQuorum, Fetch] {
        cases.extend(unsupported(api));
    }
    cases.extend(versions_themselves());
    cases.extend(old_arrays());
    cases.extend(quorum());
    cases.extend(journal());
    cases
}

/// The requests that groups are asked about with.
pub const GROUP_APIS: [ApiKey; 5] =
    [FindCoordinator, ListGroups, DescribeGroups, ConsumerGroupDescribe, OffsetFetch];

/// Every fault of every API that groups are asked about with.
pub fn group_cases() -> Vec<Case> {
    let mut cases = transport(Metadata);
    for api in GROUP_APIS {
        cases.extend(transport(api));
        cases.push(absurd_compact_array(api));
        cases.extend(error_codes(api));
        cases.extend(unsupported(api));
    }
    cases.into_iter().map(Case::with_groups).collect()
}

pub fn transport(api: ApiKey) -> Vec<Case> {
    let length = |length: u32| Fault::Bytes(length.to_be_bytes().to_vec());
    let faults = [
        ("silence", Fault::Silence),
        ("half an answer, then silence", Fault::HalfThenSilence),
        ("half an answer, then the end", Fault::HalfThenClose),
        ("disconnect", Fault::Close),
        ("reset", Fault::Reset),
        ("the answer to another request", Fault::WrongCorrelation),
        ("a frame of 2 GiB", length(0x7fff_ffff)),
        ("a negative frame", length(0xffff_ffff)),
        ("the least negative frame", length(0x8000_0000)),
        ("a frame just too long", length(64 * 1024 * 1024 + 1)),
        ("a long frame that never comes", length(64 * 1024 * 1024)),
        ("an empty frame", length(0)),
        ("a frame shorter than the header", Fault::Bytes(vec![0, 0, 0, 3, 0, 0, 0])),
        ("HTTP", Fault::Bytes(b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec())),
        ("TLS", Fault::Bytes(vec![0x15, 3, 3, 0, 2, 2, 0x50])),
        ("trailing bytes", Fault::body(|body| body.extend([0, 0, 0]))),
        ("a byte cut off", Fault::body(|body| body.truncate(body.len() - 1))),
        ("a byte every 100 ms", Fault::Drip(Duration::from_millis(100))),
    ];
    faults.map(|(name, fault)| Case::new(format!("{api:?}: {name}"), api, fault)).into()
}

/// Four thousand million elements, in a frame that is well formed otherwise.
pub fn absurd_compact_array(api: ApiKey) -> Case {
    // Behind correlation id and tags: the first array of each response.
    let at = match api {
        ApiVersions => 6,
        DescribeQuorum => 8,
        ListGroups => 11,
        Fetch => 15,
        _ => 9,
    };
    let fault = Fault::body(move |body| {
        body.splice(at..=at, [0xff, 0xff, 0xff, 0xff, 0x0f]);
    });
    Case::new(format!("{api:?}: an absurd compact array"), api, fault)
}

/// The same in versions that write lengths as INT32.
fn old_arrays() -> Vec<Case> {
    let old = Fault::answer(|answer| {
        let Answer::ApiVersions(body) = answer else { return };
        let metadata = body.api_keys.iter_mut().find(|k| k.api_key == Metadata as i16);
        metadata.unwrap().max_version = 8;
    });
    let absurd = |length: [u8; 4]| {
        let fault = Fault::body(move |body| {
            body.splice(8..12, length);
        });
        let mut case =
            Case::new(format!("MetadataRequest v8: {length:02x?} brokers"), Metadata, fault);
        case.faults.push((ApiVersions, old.clone()));
        case
    };
    let refused = [0, 0, 0, 10, 0, 0, 0, 1, 0, 35, 0x7f, 0xff, 0xff, 0xff].to_vec();
    vec![
        absurd([0x7f, 0xff, 0xff, 0xff]),
        absurd([0x80, 0, 0, 0]),
        absurd([0, 1, 0, 0]),
        Case::new("ApiVersions v0: an absurd array", ApiVersions, Fault::Bytes(refused)),
    ]
}

/// Codes of every class: unknown to the server, to be tried again, final, unknown to anyone.
const CODES: [i16; 9] = [-1, 6, 7, 14, 29, 35, 58, 104, 9999];

pub fn error_codes(api: ApiKey) -> Vec<Case> {
    let mut cases = Vec::new();
    for code in CODES {
        if api != ListOffsets {
            let top = Fault::answer(move |answer| answer.set_top_error(code));
            cases.push(Case::new(format!("{api:?}: error {code} at the top"), api, top));
        }
        if !has_partitions(api) {
            continue;
        }
        let below = Fault::answer(move |answer| answer.set_partition_error(code));
        cases.push(Case::new(format!("{api:?}: error {code} of a partition"), api, below));
        if api == Metadata {
            let topic = Fault::answer(move |answer| {
                let Answer::Metadata(body) = answer else { return };
                body.topics[0].error_code = code;
            });
            cases.push(Case::new(format!("{api:?}: error {code} of a topic"), api, topic));
        }
    }
    cases
}

const fn has_partitions(api: ApiKey) -> bool {
    matches!(api, Metadata | DescribeQuorum | Fetch | OffsetFetch | ListOffsets)
}

pub fn unsupported(api: ApiKey) -> Vec<Case> {
    let listed = |min: i16, max: i16| {
        Fault::answer(move |answer| {
            let Answer::ApiVersions(body) = answer else { return };
            let listed = body.api_keys.iter_mut().find(|k| k.api_key == api as i16).unwrap();
            (listed.min_version, listed.max_version) = (min, max);
        })
    };
    let omitted = Fault::answer(move |answer| {
        let Answer::ApiVersions(body) = answer else { return };
        body.api_keys.retain(|k| k.api_key != api as i16);
    });
    let case = |name: &str, fault| {
        let mut case = Case::new(format!("{api:?}: {name}"), api, Fault::Close);
        case.faults = vec![(ApiVersions, fault)];
        case
    };
    let mut cases = vec![
        case("not listed", omitted),
        case("only versions from 100", listed(100, 200)),
        case("a range that is none", listed(5, -7)),
    ];
    if api == Fetch {
        // Topic ids came with version 13: by name the metadata log is not handed out.
        cases.push(case("only versions without topic ids", listed(4, 12)));
    }
    cases
}

fn versions_themselves() -> Vec<Case> {
    // KIP-511: the answer to an unknown version is of version 0.
    let refused = Fault::body(|body| {
        body.truncate(4);
        body.extend([0, 35, 0, 0, 0, 1, 0, 18, 0, 0, 0, 2]);
    });
    let nothing = Fault::answer(|answer| {
        let Answer::ApiVersions(body) = answer else { return };
        body.api_keys.clear();
    });
    let mut empty = Case::new("ApiVersions: an empty list", ApiVersions, nothing);
    empty.request = "Request";
    vec![Case::new("ApiVersions: UNSUPPORTED_VERSION", ApiVersions, refused), empty]
}

fn quorum() -> Vec<Case> {
    let nothing = Fault::answer(|answer| {
        let Answer::DescribeQuorum(body) = answer else { return };
        body.topics.clear();
    });
    vec![
        Case::new("DescribeQuorum: no partition", DescribeQuorum, nothing),
        Case::world("a controller that does not lead", DescribeQuorum, |w| w.leads = false),
        Case::world("a leader since this moment", DescribeQuorum, |w| w.high_watermark = Some(-1)),
        Case::world("nothing is committed", DescribeQuorum, |w| w.high_watermark = Some(0)),
    ]
}

fn journal() -> Vec<Case> {
    let fetch = |name: &str, change: fn(&mut Answer)| {
        Case::new(format!("Fetch: {name}"), Fetch, Fault::answer(change))
    };
    let log = World::solved().log;
    let whole = log.clone();
    let again = Fault::answer(move |answer| *answer.records() = Some(whole.read(0, 2).into()));
    let nonsense = batch(0, 0, &[b"nonsense".to_vec()]);
    let nonsense = Fault::answer(move |answer| *answer.records() = Some(nonsense.clone().into()));
    let mut gone = fetch("a snapshot in place of the log", |answer| {
        answer.fetched().snapshot_id.end_offset = 10;
    });
    gone.request = "";
    let mut cases = vec![
        gone,
        fetch("no topic", |answer| {
            let Answer::Fetch(body) = answer else { return };
            body.responses.clear();
        }),
        fetch("nothing below the high watermark", |answer| *answer.records() = None),
        fetch("half a batch", |answer| {
            let half = answer.records().as_ref().map(|all| all.slice(..all.len().min(70)));
            *answer.records() = half;
        }),
        fetch("a damaged batch", |answer| {
            let mut bytes = answer.records().take().unwrap_or_default().to_vec();
            // In the timestamp: nothing but the checksum tells.
            if let Some(timestamp) = bytes.get_mut(34) {
                *timestamp ^= 1;
            }
            *answer.records() = Some(bytes.into());
        }),
        fetch("an old message format", |answer| {
            let mut bytes = answer.records().take().unwrap_or_default().to_vec();
            if let Some(magic) = bytes.get_mut(16) {
                *magic = 1;
            }
            *answer.records() = Some(bytes.into());
        }),
        fetch("a log that diverges from nothing", |answer| {
            answer.fetched().diverging_epoch.epoch = 2;
            *answer.records() = None;
        }),
        Case::new("Fetch: the same batches again and again", Fetch, again),
        Case::new("Fetch: records that are none", Fetch, nonsense),
        Case::world("Fetch: a batch is missing", Fetch, |w| w.log.lose(1)),
        Case::world("Fetch: more committed than there is", Fetch, |w| w.high_watermark = Some(99)),
    ];
    cases.push(endless());
    cases
}

/// A log that grows as fast as it is read.
fn endless() -> Case {
    let next = AtomicI64::new(0);
    let fault = Fault::answer(move |answer| {
        let base = next.fetch_add(1, Ordering::Relaxed);
        let heartbeat = batch(base, 0, &[crate::common::metadata_log::no_op()]);
        *answer.records() = Some(heartbeat.into());
    });
    let change = |world: &mut World| world.high_watermark = Some(i64::MAX);
    Case { change, ..Case::new("Fetch: a log without end", Fetch, fault) }
}
