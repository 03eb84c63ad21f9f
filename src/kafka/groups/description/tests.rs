use bytes::BytesMut;
use kafka_protocol::messages::TopicName;
use kafka_protocol::messages::consumer_protocol_assignment::TopicPartition;
use kafka_protocol::protocol::Encodable;
use proptest::prelude::*;

use super::*;

/// What a group's leader writes for a member.
fn written(version: i16, topics: &[(&str, &[i32])]) -> Bytes {
    let topics = topics.iter().map(|(name, partitions)| {
        TopicPartition::default()
            .with_topic(TopicName(StrBytes::from_string((*name).to_owned())))
            .with_partitions(partitions.to_vec())
    });
    let assignment =
        ConsumerProtocolAssignment::default().with_assigned_partitions(topics.collect());
    let mut bytes = BytesMut::from(&version.to_be_bytes()[..]);
    assignment.encode(&mut bytes, version.clamp(0, 3)).unwrap();
    bytes.freeze()
}

fn assignment(topics: &[(&str, &[i32])]) -> Assignment {
    let topics = topics.iter();
    topics.map(|(name, p)| ((*name).to_owned(), p.iter().copied().collect())).collect()
}

#[test]
fn an_assignment_is_read_in_every_version() {
    let topics: &[(&str, &[i32])] = &[("clicks", &[0, 3]), ("事件", &[])];
    for version in 0..=3 {
        assert_eq!(assigned_by(&written(version, topics)), Some(assignment(topics)));
    }
}

#[test]
fn a_later_version_begins_like_the_latest_known_one() {
    let later = [&written(9, &[("t", &[1])])[..], b"more"].concat();
    assert_eq!(assigned_by(&later.into()), Some(assignment(&[("t", &[1])])));
}

#[test]
fn no_partition_at_all_is_an_assignment_and_no_bytes_are_none() {
    assert_eq!(assigned_by(&written(0, &[])), Some(Assignment::new()));
    assert_eq!(assigned_by(&Bytes::new()), None);
    assert_eq!(assigned_by(&written(-1, &[])), None);
}

#[test]
fn an_absurd_count_is_no_assignment() {
    for count in [[0x7f, 0xff, 0xff, 0xff], [0x80, 0, 0, 0], [0, 1, 0, 0]] {
        assert_eq!(assigned_by(&[&[0, 0], &count[..], &[0; 8]].concat().into()), None);
    }
}

#[test]
fn what_is_not_the_consumers_protocol_is_not_read() {
    let member = classic::DescribedGroupMember::default().with_member_assignment(written(0, &[]));
    let group = classic::DescribedGroup::default().with_members(vec![member]);
    let assigned = |protocol_type: &'static str| {
        let protocol_type = StrBytes::from_static_str(protocol_type);
        let group = group.clone().with_protocol_type(protocol_type);
        GroupDescription::from(&group).members[0].assigned.clone()
    };
    assert_eq!(assigned("connect"), None);
    assert_eq!(assigned("consumer"), Some(Assignment::new()));
}

proptest! {
    #[test]
    fn any_assignment_is_survived(
        bytes in proptest::collection::vec(prop_oneof![4 => 0..4_u8, 1 => any::<u8>()], 0..60),
    ) {
        let _ = assigned_by(&bytes.into());
    }
}
