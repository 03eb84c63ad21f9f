//! The shapes of what brokers answer about groups.

use kafka_protocol::messages::{
    ConsumerGroupDescribeRequest, DescribeGroupsRequest, FindCoordinatorRequest, ListGroupsRequest,
    OffsetFetchRequest,
};

use super::{INT8, INT16, INT32, INT64, UUID};
use crate::kafka::shape::Kind::{Array, Bytes, Struct, Text};
use crate::kafka::shape::{Field, Kind, Question, Shape, between, since, until};

impl Question for FindCoordinatorRequest {
    const ANSWER: Shape = Shape {
        flexible: 3,
        fields: &[
            since(1, "throttle_time_ms", INT32),
            until(3, "error_code", INT16),
            between(1, 3, "error_message", Text),
            until(3, "node_id", INT32),
            until(3, "host", Text),
            until(3, "port", INT32),
            since(
                4,
                "coordinators",
                Array(&Struct(&[
                    since(4, "key", Text),
                    since(4, "node_id", INT32),
                    since(4, "host", Text),
                    since(4, "port", INT32),
                    since(4, "error_code", INT16),
                    since(4, "error_message", Text),
                ])),
            ),
        ],
    };
}

impl Question for ListGroupsRequest {
    const ANSWER: Shape = Shape {
        flexible: 3,
        fields: &[
            since(1, "throttle_time_ms", INT32),
            since(0, "error_code", INT16),
            since(
                0,
                "groups",
                Array(&Struct(&[
                    since(0, "group_id", Text),
                    since(0, "protocol_type", Text),
                    since(4, "group_state", Text),
                    since(5, "group_type", Text),
                ])),
            ),
        ],
    };
}

impl Question for DescribeGroupsRequest {
    const ANSWER: Shape = Shape {
        flexible: 5,
        fields: &[
            since(1, "throttle_time_ms", INT32),
            since(
                0,
                "groups",
                Array(&Struct(&[
                    since(0, "error_code", INT16),
                    since(6, "error_message", Text),
                    since(0, "group_id", Text),
                    since(0, "group_state", Text),
                    since(0, "protocol_type", Text),
                    since(0, "protocol_data", Text),
                    since(0, "members", Array(&Struct(CLASSIC_MEMBER))),
                    since(3, "authorized_operations", INT32),
                ])),
            ),
        ],
    };
}

const CLASSIC_MEMBER: &[Field] = &[
    since(0, "member_id", Text),
    since(4, "group_instance_id", Text),
    since(0, "client_id", Text),
    since(0, "client_host", Text),
    since(0, "member_metadata", Bytes),
    since(0, "member_assignment", Bytes),
];

impl Question for ConsumerGroupDescribeRequest {
    const ANSWER: Shape = Shape {
        flexible: 0,
        fields: &[
            since(0, "throttle_time_ms", INT32),
            since(
                0,
                "groups",
                Array(&Struct(&[
                    since(0, "error_code", INT16),
                    since(0, "error_message", Text),
                    since(0, "group_id", Text),
                    since(0, "group_state", Text),
                    since(0, "group_epoch", INT32),
                    since(0, "assignment_epoch", INT32),
                    since(0, "assignor_name", Text),
                    since(0, "members", Array(&Struct(CONSUMER_MEMBER))),
                    since(0, "authorized_operations", INT32),
                ])),
            ),
        ],
    };
}

const CONSUMER_MEMBER: &[Field] = &[
    since(0, "member_id", Text),
    since(0, "instance_id", Text),
    since(0, "rack_id", Text),
    since(0, "member_epoch", INT32),
    since(0, "client_id", Text),
    since(0, "client_host", Text),
    since(0, "subscribed_topic_names", Array(&Text)),
    since(0, "subscribed_topic_regex", Text),
    since(0, "assignment", ASSIGNMENT),
    since(0, "target_assignment", ASSIGNMENT),
    since(1, "member_type", INT8),
];

const ASSIGNMENT: Kind = Struct(&[since(
    0,
    "topic_partitions",
    Array(&Struct(&[
        since(0, "topic_id", UUID),
        since(0, "topic_name", Text),
        since(0, "partitions", Array(&INT32)),
    ])),
)]);

impl Question for OffsetFetchRequest {
    const ANSWER: Shape = Shape {
        flexible: 6,
        fields: &[
            since(3, "throttle_time_ms", INT32),
            until(
                7,
                "topics",
                Array(&Struct(&[
                    since(0, "name", Text),
                    since(0, "partitions", Array(&Struct(COMMITTED_PARTITION))),
                ])),
            ),
            between(2, 7, "error_code", INT16),
            since(
                8,
                "groups",
                Array(&Struct(&[
                    since(8, "group_id", Text),
                    since(
                        8,
                        "topics",
                        Array(&Struct(&[
                            between(8, 9, "name", Text),
                            since(10, "topic_id", UUID),
                            since(8, "partitions", Array(&Struct(COMMITTED_PARTITION))),
                        ])),
                    ),
                    since(8, "error_code", INT16),
                ])),
            ),
        ],
    };
}

const COMMITTED_PARTITION: &[Field] = &[
    since(0, "partition_index", INT32),
    since(0, "committed_offset", INT64),
    since(5, "committed_leader_epoch", INT32),
    since(0, "metadata", Text),
    since(0, "error_code", INT16),
];

/// `ConsumerProtocolAssignment.json`: what a classic member's assignment holds behind its version.
/// Members write it, not brokers: it may hold anything.
pub const CONSUMER_ASSIGNMENT: Shape = Shape {
    flexible: i16::MAX,
    fields: &[
        since(
            0,
            "assigned_partitions",
            Array(&Struct(&[since(0, "topic", Text), since(0, "partitions", Array(&INT32))])),
        ),
        since(0, "user_data", Bytes),
    ],
};
