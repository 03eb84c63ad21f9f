//! What a fake node answers about groups when nothing is wrong.

use bytes::{BufMut, Bytes, BytesMut};
use kafka_protocol::messages::consumer_group_describe_response as consumer;
use kafka_protocol::messages::consumer_protocol_assignment::TopicPartition;
use kafka_protocol::messages::describe_groups_response as classic;
use kafka_protocol::messages::find_coordinator_response::Coordinator;
use kafka_protocol::messages::list_groups_response::ListedGroup;
use kafka_protocol::messages::offset_fetch_response::{
    OffsetFetchResponseGroup, OffsetFetchResponsePartitions, OffsetFetchResponseTopics,
};
use kafka_protocol::messages::{
    BrokerId, ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse,
    ConsumerProtocolAssignment, DescribeGroupsRequest, DescribeGroupsResponse,
    FindCoordinatorRequest, FindCoordinatorResponse, GroupId, ListGroupsResponse,
    OffsetFetchRequest, OffsetFetchResponse, TopicName,
};
use kafka_protocol::protocol::Encodable;

use super::answers::text;
use super::world::{Group, World, id_of};

const GROUP_ID_NOT_FOUND: i16 = 69;

pub fn coordinator(
    request: &FindCoordinatorRequest,
    world: &World,
    address: &str,
) -> FindCoordinatorResponse {
    let neighbour = world.neighbours.get(&world.coordinator);
    let (host, port) = neighbour.map_or(address, |n| n).rsplit_once(':').unwrap();
    let coordinators = request.coordinator_keys.iter().map(|key| {
        Coordinator::default()
            .with_key(key.clone())
            .with_node_id(BrokerId(world.coordinator))
            .with_host(text(host))
            .with_port(port.parse().unwrap())
    });
    FindCoordinatorResponse::default().with_coordinators(coordinators.collect())
}

pub fn listed(world: &World) -> ListGroupsResponse {
    let groups = world.groups.iter().map(|(id, group)| {
        ListedGroup::default()
            .with_group_id(GroupId(text(id)))
            .with_protocol_type(text("consumer"))
            .with_group_state(text("Stable"))
            .with_group_type(text(if group.consumer { "consumer" } else { "classic" }))
    });
    ListGroupsResponse::default().with_groups(groups.collect())
}

pub fn classic(request: &DescribeGroupsRequest, world: &World) -> DescribeGroupsResponse {
    let groups = request.groups.iter().map(|id| {
        let answer = classic::DescribedGroup::default().with_group_id(id.clone());
        match world.groups.get(id.as_str()).filter(|group| !group.consumer) {
            None => answer.with_error_code(GROUP_ID_NOT_FOUND).with_group_state(text("Dead")),
            Some(group) => answer
                .with_group_state(text("Stable"))
                .with_protocol_type(text("consumer"))
                .with_protocol_data(text("range"))
                .with_members(vec![
                    classic::DescribedGroupMember::default()
                        .with_member_id(text("member"))
                        .with_client_id(text("client"))
                        .with_client_host(text("/127.0.0.1"))
                        .with_member_assignment(assignment(group)),
                ]),
        }
    });
    DescribeGroupsResponse::default().with_groups(groups.collect())
}

fn assignment(group: &Group) -> Bytes {
    let (topic, partitions) = &group.assigned;
    let assigned = TopicPartition::default()
        .with_topic(TopicName(text(topic)))
        .with_partitions(partitions.clone());
    let assigned = ConsumerProtocolAssignment::default().with_assigned_partitions(vec![assigned]);
    let mut bytes = BytesMut::new();
    bytes.put_i16(3);
    assigned.encode(&mut bytes, 3).unwrap();
    bytes.freeze()
}

pub fn consumer(
    request: &ConsumerGroupDescribeRequest,
    world: &World,
) -> ConsumerGroupDescribeResponse {
    let groups = request.group_ids.iter().map(|id| {
        let answer = consumer::DescribedGroup::default().with_group_id(id.clone());
        match world.groups.get(id.as_str()).filter(|group| group.consumer) {
            None => answer.with_error_code(GROUP_ID_NOT_FOUND),
            Some(Group { assigned: (topic, partitions), .. }) => {
                let assigned = consumer::TopicPartitions::default()
                    .with_topic_id(id_of(topic))
                    .with_topic_name(TopicName(text(topic)))
                    .with_partitions(partitions.clone());
                let assigned =
                    consumer::Assignment::default().with_topic_partitions(vec![assigned]);
                let member = consumer::Member::default()
                    .with_member_id(text("member"))
                    .with_instance_id(None)
                    .with_client_id(text("client"))
                    .with_client_host(text("/127.0.0.1"))
                    .with_assignment(assigned);
                answer
                    .with_group_state(text("Stable"))
                    .with_assignor_name(text("uniform"))
                    .with_members(vec![member])
            }
        }
    });
    ConsumerGroupDescribeResponse::default().with_groups(groups.collect())
}

pub fn committed(request: &OffsetFetchRequest, world: &World) -> OffsetFetchResponse {
    let groups = request.groups.iter().map(|asked| {
        let topics = world.groups.get(asked.group_id.as_str()).map(|group| {
            let partitions = group.committed.iter().map(|(partition, offset)| {
                OffsetFetchResponsePartitions::default()
                    .with_partition_index(*partition)
                    .with_committed_offset(*offset)
            });
            OffsetFetchResponseTopics::default()
                .with_name(TopicName(text(group.assigned.0)))
                .with_partitions(partitions.collect())
        });
        OffsetFetchResponseGroup::default()
            .with_group_id(asked.group_id.clone())
            .with_topics(topics.into_iter().collect())
    });
    OffsetFetchResponse::default().with_groups(groups.collect())
}
