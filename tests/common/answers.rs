//! What a fake node answers when nothing is wrong.

use bytes::{Bytes, BytesMut};
use kafka_protocol::messages::api_versions_response::ApiVersion;
use kafka_protocol::messages::create_topics_response::CreatableTopicResult;
use kafka_protocol::messages::describe_quorum_response as quorum;
use kafka_protocol::messages::fetch_request::FetchPartition;
use kafka_protocol::messages::fetch_response as fetch;
use kafka_protocol::messages::list_offsets_response::{
    ListOffsetsPartitionResponse, ListOffsetsTopicResponse,
};
use kafka_protocol::messages::metadata_response as metadata;
use kafka_protocol::messages::{
    ApiKey, ApiVersionsResponse, BrokerId, ConsumerGroupDescribeResponse, CreateTopicsRequest,
    CreateTopicsResponse, DescribeGroupsResponse, DescribeQuorumResponse, FetchRequest,
    FetchResponse, FindCoordinatorResponse, ListGroupsResponse, ListOffsetsRequest,
    ListOffsetsResponse, MetadataResponse, OffsetFetchResponse, ProducerId, RequestHeader,
    ResponseHeader, TopicName,
};
use kafka_protocol::protocol::{Decodable, Encodable, HeaderVersion, Message, StrBytes};
use uuid::Uuid;

use super::group_answers;
use super::metadata_log::EPOCH;
use super::world::{OFFSETS, World, id_of};

/// `__cluster_metadata`.
const METADATA_TOPIC_ID: Uuid = Uuid::from_u128(1);

const OFFSET_OUT_OF_RANGE: i16 = 1;
const NOT_LEADER_OR_FOLLOWER: i16 = 6;
const UNKNOWN_TOPIC_ID: i16 = 100;

/// The APIs that a fake node lists, with the newest version of each.
pub const APIS: [(ApiKey, i16); 11] = [
    (ApiKey::Fetch, 17),
    (ApiKey::ListOffsets, 10),
    (ApiKey::Metadata, 13),
    (ApiKey::OffsetFetch, 10),
    (ApiKey::FindCoordinator, 6),
    (ApiKey::DescribeGroups, 6),
    (ApiKey::ListGroups, 5),
    (ApiKey::ApiVersions, 4),
    (ApiKey::CreateTopics, 7),
    (ApiKey::DescribeQuorum, 2),
    (ApiKey::ConsumerGroupDescribe, 1),
];

/// A response before it is written.
#[derive(Debug, Clone)]
pub enum Answer {
    ApiVersions(ApiVersionsResponse),
    Metadata(MetadataResponse),
    DescribeQuorum(DescribeQuorumResponse),
    Fetch(FetchResponse),
    ListOffsets(ListOffsetsResponse),
    CreateTopics(CreateTopicsResponse),
    FindCoordinator(FindCoordinatorResponse),
    ListGroups(ListGroupsResponse),
    DescribeGroups(DescribeGroupsResponse),
    ConsumerGroupDescribe(ConsumerGroupDescribeResponse),
    OffsetFetch(OffsetFetchResponse),
}

impl Answer {
    /// What `world` has to say to a request.
    pub fn to(header: &RequestHeader, request: Bytes, world: &World, address: &str) -> Self {
        let version = header.request_api_version;
        match ApiKey::try_from(header.request_api_key).unwrap() {
            ApiKey::ApiVersions => Self::ApiVersions(versions()),
            ApiKey::Metadata => Self::Metadata(metadata(world, address)),
            ApiKey::DescribeQuorum => Self::DescribeQuorum(quorum(world)),
            ApiKey::Fetch => Self::Fetch(fetched(&read(request, version), version, world)),
            ApiKey::ListOffsets => Self::ListOffsets(offsets(&read(request, version), world)),
            ApiKey::CreateTopics => Self::CreateTopics(created(&read(request, version))),
            ApiKey::FindCoordinator => Self::FindCoordinator(group_answers::coordinator(
                &read(request, version),
                world,
                address,
            )),
            ApiKey::ListGroups => Self::ListGroups(group_answers::listed(world)),
            ApiKey::DescribeGroups => {
                Self::DescribeGroups(group_answers::classic(&read(request, version), world))
            }
            ApiKey::ConsumerGroupDescribe => {
                Self::ConsumerGroupDescribe(group_answers::consumer(&read(request, version), world))
            }
            ApiKey::OffsetFetch => {
                Self::OffsetFetch(group_answers::committed(&read(request, version), world))
            }
            other => panic!("{other:?} was not listed"),
        }
    }

    /// Header and body.
    pub fn bytes(&self, correlation_id: i32, version: i16) -> Vec<u8> {
        match self {
            Self::ApiVersions(body) => write(body, correlation_id, version),
            Self::Metadata(body) => write(body, correlation_id, version),
            Self::DescribeQuorum(body) => write(body, correlation_id, version),
            Self::Fetch(body) => write(body, correlation_id, version),
            Self::ListOffsets(body) => write(body, correlation_id, version),
            Self::CreateTopics(body) => write(body, correlation_id, version),
            Self::FindCoordinator(body) => write(body, correlation_id, version),
            Self::ListGroups(body) => write(body, correlation_id, version),
            Self::DescribeGroups(body) => write(body, correlation_id, version),
            Self::ConsumerGroupDescribe(body) => write(body, correlation_id, version),
            Self::OffsetFetch(body) => write(body, correlation_id, version),
        }
    }

    /// Puts an error code where the response as a whole has one, or the one thing asked about.
    pub fn set_top_error(&mut self, code: i16) {
        match self {
            Self::ApiVersions(body) => body.error_code = code,
            Self::Metadata(body) => body.error_code = code,
            Self::DescribeQuorum(body) => body.error_code = code,
            Self::Fetch(body) => body.error_code = code,
            Self::FindCoordinator(body) => body.coordinators[0].error_code = code,
            Self::ListGroups(body) => body.error_code = code,
            Self::DescribeGroups(body) => body.groups[0].error_code = code,
            Self::ConsumerGroupDescribe(body) => body.groups[0].error_code = code,
            Self::OffsetFetch(body) => body.groups[0].error_code = code,
            other => panic!("no error code at the top of {other:?}"),
        }
    }

    /// Puts an error code at the first partition, or topic where there is none.
    pub fn set_partition_error(&mut self, code: i16) {
        match self {
            Self::Metadata(body) => body.topics[0].partitions[0].error_code = code,
            Self::DescribeQuorum(body) => body.topics[0].partitions[0].error_code = code,
            Self::Fetch(body) => body.responses[0].partitions[0].error_code = code,
            Self::ListOffsets(body) => body.topics[0].partitions[0].error_code = code,
            Self::CreateTopics(body) => body.topics[0].error_code = code,
            Self::OffsetFetch(body) => body.groups[0].topics[0].partitions[0].error_code = code,
            other => panic!("no partition in {other:?}"),
        }
    }

    /// The records of a Fetch response.
    pub fn records(&mut self) -> &mut Option<Bytes> {
        &mut self.fetched().records
    }

    /// The partition of a Fetch response.
    pub fn fetched(&mut self) -> &mut fetch::PartitionData {
        match self {
            Self::Fetch(body) => &mut body.responses[0].partitions[0],
            other => panic!("no records in {other:?}"),
        }
    }
}

fn read<R: Decodable>(mut request: Bytes, version: i16) -> R {
    R::decode(&mut request, version).unwrap()
}

fn write<R: Encodable + HeaderVersion + Message>(
    body: &R,
    correlation_id: i32,
    version: i16,
) -> Vec<u8> {
    let mut bytes = BytesMut::new();
    let header = ResponseHeader::default().with_correlation_id(correlation_id);
    header.encode(&mut bytes, R::header_version(version)).unwrap();
    body.encode(&mut bytes, version).unwrap();
    bytes.to_vec()
}

fn versions() -> ApiVersionsResponse {
    let apis = APIS.map(|(api, newest)| {
        ApiVersion::default().with_api_key(api as i16).with_max_version(newest)
    });
    ApiVersionsResponse::default().with_api_keys(apis.to_vec())
}

fn metadata(world: &World, address: &str) -> MetadataResponse {
    let itself = (world.node, address);
    let neighbours = world.neighbours.iter().map(|(id, address)| (*id, address.as_str()));
    let brokers = neighbours.chain([itself]).map(|(id, address)| {
        let (host, port) = address.rsplit_once(':').unwrap();
        metadata::MetadataResponseBroker::default()
            .with_node_id(BrokerId(id))
            .with_host(text(host))
            .with_port(port.parse().unwrap())
    });
    let partition = |name: &str, index| {
        metadata::MetadataResponsePartition::default()
            .with_partition_index(index)
            .with_leader_id(BrokerId(world.leader_of(name, index)))
            .with_replica_nodes(vec![BrokerId(1)])
            .with_isr_nodes(vec![BrokerId(1)])
    };
    let topics = world.topics.iter().map(|(name, partitions)| {
        metadata::MetadataResponseTopic::default()
            .with_name(Some(TopicName(text(name))))
            .with_topic_id(id_of(name))
            .with_is_internal(name == OFFSETS)
            .with_partitions((0..*partitions).map(|index| partition(name, index)).collect())
    });
    MetadataResponse::default()
        .with_brokers(brokers.collect())
        .with_cluster_id(Some(text(world.cluster_id)))
        .with_controller_id(BrokerId(1))
        .with_topics(topics.collect())
}

fn quorum(world: &World) -> DescribeQuorumResponse {
    let voter = quorum::ReplicaState::default().with_replica_id(BrokerId(1));
    let partition = quorum::PartitionData::default()
        .with_error_code(if world.leads { 0 } else { 6 })
        .with_leader_id(BrokerId(1))
        .with_leader_epoch(EPOCH)
        .with_high_watermark(world.end())
        .with_current_voters(vec![voter]);
    let topic = quorum::TopicData::default()
        .with_topic_name(TopicName(text("__cluster_metadata")))
        .with_partitions(vec![partition]);
    DescribeQuorumResponse::default().with_topics(vec![topic])
}

fn fetched(request: &FetchRequest, version: i16, world: &World) -> FetchResponse {
    if version < 13 {
        // What a controller says to whoever asks for the metadata log by name.
        return FetchResponse::default().with_error_code(42);
    }
    let asked = &request.topics[0].partitions[0];
    let id = request.topics[0].topic_id;
    let partition = match world.topics.keys().find(|name| id_of(name) == id) {
        // Who reads data leaves out what is not committed.
        Some(topic) if request.isolation_level == 1 => data(world, topic, asked),
        None if id == METADATA_TOPIC_ID => {
            let records = world.log.read(asked.fetch_offset, world.batches_at_once);
            fetch::PartitionData::default()
                .with_high_watermark(world.end())
                .with_records(Some(records.into()))
        }
        _ => fetch::PartitionData::default().with_error_code(UNKNOWN_TOPIC_ID),
    };
    let topic = fetch::FetchableTopicResponse::default()
        .with_topic_id(id)
        .with_partitions(vec![partition.with_partition_index(asked.partition)]);
    FetchResponse::default().with_responses(vec![topic])
}

/// What the leader of a partition hands out of it.
fn data(world: &World, topic: &str, asked: &FetchPartition) -> fetch::PartitionData {
    let answer = fetch::PartitionData::default();
    if world.leader_of(topic, asked.partition) != world.node {
        return answer.with_error_code(NOT_LEADER_OR_FOLLOWER);
    }
    let log = world.logs.get(&(topic.to_owned(), asked.partition)).cloned().unwrap_or_default();
    // Those that reach into what is asked for, as a broker names them.
    let aborted = log.aborted.iter().filter(|(.., marker)| *marker >= asked.fetch_offset);
    let aborted = aborted.map(|(producer, first, _)| {
        fetch::AbortedTransaction::default()
            .with_producer_id(ProducerId(*producer))
            .with_first_offset(*first)
    });
    let answer = answer
        .with_high_watermark(log.end())
        .with_last_stable_offset(log.stable())
        .with_log_start_offset(log.start)
        .with_aborted_transactions(Some(aborted.collect()));
    match log.read(asked.fetch_offset, world.batches_at_once) {
        Some(records) => answer.with_records(Some(records.into())),
        None => answer.with_error_code(OFFSET_OUT_OF_RANGE),
    }
}

/// Of a partition that holds nothing: 12, an offset like any other.
fn offsets(request: &ListOffsetsRequest, world: &World) -> ListOffsetsResponse {
    let topics = request.topics.iter().map(|topic| {
        let partitions = topic.partitions.iter().map(|asked| {
            let log = world.logs.get(&(topic.name.to_string(), asked.partition_index));
            let earliest = asked.timestamp == -2;
            let offset = log.map_or(12, |log| if earliest { log.start } else { log.end() });
            ListOffsetsPartitionResponse::default()
                .with_partition_index(asked.partition_index)
                .with_offset(offset)
        });
        ListOffsetsTopicResponse::default()
            .with_name(topic.name.clone())
            .with_partitions(partitions.collect())
    });
    ListOffsetsResponse::default().with_topics(topics.collect())
}

fn created(request: &CreateTopicsRequest) -> CreateTopicsResponse {
    let topics = request.topics.iter().map(|topic| {
        CreatableTopicResult::default()
            .with_name(topic.name.clone())
            .with_num_partitions(topic.num_partitions)
    });
    CreateTopicsResponse::default().with_topics(topics.collect())
}

pub fn text(text: &str) -> StrBytes {
    StrBytes::from_string(text.to_owned())
}
