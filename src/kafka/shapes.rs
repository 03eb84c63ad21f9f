//! The shapes of the responses that this program decodes, from Kafka's message files.

mod groups;

use kafka_protocol::messages::{
    ApiVersionsRequest, CreateTopicsRequest, DescribeQuorumRequest, FetchRequest,
    ListOffsetsRequest, MetadataRequest,
};

use super::shape::Kind::{Array, Bytes, Fixed, Struct, Text};
use super::shape::{Field, Kind, Question, Shape, between, since, tagged, until};

pub use groups::CONSUMER_ASSIGNMENT;

const BOOLEAN: Kind = Fixed(1);
const INT8: Kind = Fixed(1);
const INT16: Kind = Fixed(2);
const INT32: Kind = Fixed(4);
const INT64: Kind = Fixed(8);
const UUID: Kind = Fixed(16);

/// `ResponseHeader.json`, by the header's own version.
pub const RESPONSE_HEADER: Shape =
    Shape { flexible: 1, fields: &[since(0, "correlation_id", INT32)] };

/// `NodeEndpoints` of a fetch response.
const NODE_ENDPOINT: Kind = Struct(&[
    since(0, "node_id", INT32),
    since(0, "host", Text),
    since(0, "port", INT32),
    since(0, "rack", Text),
]);

const LEADER_ID_AND_EPOCH: Kind =
    Struct(&[since(0, "leader_id", INT32), since(0, "leader_epoch", INT32)]);

impl Question for ApiVersionsRequest {
    const ANSWER: Shape = Shape {
        flexible: 3,
        fields: &[
            since(0, "error_code", INT16),
            since(
                0,
                "api_keys",
                Array(&Struct(&[
                    since(0, "api_key", INT16),
                    since(0, "min_version", INT16),
                    since(0, "max_version", INT16),
                ])),
            ),
            since(1, "throttle_time_ms", INT32),
            tagged(0, 3, "supported_features", Array(&FEATURE)),
            tagged(1, 3, "finalized_features_epoch", INT64),
            tagged(2, 3, "finalized_features", Array(&FEATURE)),
            tagged(3, 3, "zk_migration_ready", BOOLEAN),
        ],
    };
}

const FEATURE: Kind = Struct(&[
    since(0, "name", Text),
    since(0, "one_version_level", INT16),
    since(0, "other_version_level", INT16),
]);

impl Question for MetadataRequest {
    const ANSWER: Shape = Shape {
        flexible: 9,
        fields: &[
            since(3, "throttle_time_ms", INT32),
            since(
                0,
                "brokers",
                Array(&Struct(&[
                    since(0, "node_id", INT32),
                    since(0, "host", Text),
                    since(0, "port", INT32),
                    since(1, "rack", Text),
                ])),
            ),
            since(2, "cluster_id", Text),
            since(1, "controller_id", INT32),
            since(
                0,
                "topics",
                Array(&Struct(&[
                    since(0, "error_code", INT16),
                    since(0, "name", Text),
                    since(10, "topic_id", UUID),
                    since(1, "is_internal", BOOLEAN),
                    since(0, "partitions", Array(&Struct(METADATA_PARTITION))),
                    since(8, "topic_authorized_operations", INT32),
                ])),
            ),
            between(8, 10, "cluster_authorized_operations", INT32),
            since(13, "error_code", INT16),
        ],
    };
}

const METADATA_PARTITION: &[Field] = &[
    since(0, "error_code", INT16),
    since(0, "partition_index", INT32),
    since(0, "leader_id", INT32),
    since(7, "leader_epoch", INT32),
    since(0, "replica_nodes", Array(&INT32)),
    since(0, "isr_nodes", Array(&INT32)),
    since(5, "offline_replicas", Array(&INT32)),
];

impl Question for DescribeQuorumRequest {
    const ANSWER: Shape = Shape {
        flexible: 0,
        fields: &[
            since(0, "error_code", INT16),
            since(2, "error_message", Text),
            since(
                0,
                "topics",
                Array(&Struct(&[
                    since(0, "topic_name", Text),
                    since(0, "partitions", Array(&Struct(QUORUM_PARTITION))),
                ])),
            ),
            since(
                2,
                "nodes",
                Array(&Struct(&[
                    since(0, "node_id", INT32),
                    since(
                        0,
                        "listeners",
                        Array(&Struct(&[
                            since(0, "name", Text),
                            since(0, "host", Text),
                            since(0, "port", INT16),
                        ])),
                    ),
                ])),
            ),
        ],
    };
}

const QUORUM_PARTITION: &[Field] = &[
    since(0, "partition_index", INT32),
    since(0, "error_code", INT16),
    since(2, "error_message", Text),
    since(0, "leader_id", INT32),
    since(0, "leader_epoch", INT32),
    since(0, "high_watermark", INT64),
    since(0, "current_voters", Array(&QUORUM_REPLICA)),
    since(0, "observers", Array(&QUORUM_REPLICA)),
];

const QUORUM_REPLICA: Kind = Struct(&[
    since(0, "replica_id", INT32),
    since(2, "replica_directory_id", UUID),
    since(0, "log_end_offset", INT64),
    since(1, "last_fetch_timestamp", INT64),
    since(1, "last_caught_up_timestamp", INT64),
]);

impl Question for FetchRequest {
    const ANSWER: Shape = Shape {
        flexible: 12,
        fields: &[
            since(0, "throttle_time_ms", INT32),
            since(7, "error_code", INT16),
            since(7, "session_id", INT32),
            since(
                0,
                "responses",
                Array(&Struct(&[
                    until(12, "topic", Text),
                    since(13, "topic_id", UUID),
                    since(0, "partitions", Array(&Struct(FETCHED_PARTITION))),
                ])),
            ),
            tagged(0, 16, "node_endpoints", Array(&NODE_ENDPOINT)),
        ],
    };
}

const FETCHED_PARTITION: &[Field] = &[
    since(0, "partition_index", INT32),
    since(0, "error_code", INT16),
    since(0, "high_watermark", INT64),
    since(0, "last_stable_offset", INT64),
    since(5, "log_start_offset", INT64),
    since(
        0,
        "aborted_transactions",
        Array(&Struct(&[since(0, "producer_id", INT64), since(0, "first_offset", INT64)])),
    ),
    since(11, "preferred_read_replica", INT32),
    since(0, "records", Bytes),
    tagged(
        0,
        12,
        "diverging_epoch",
        Struct(&[since(0, "epoch", INT32), since(0, "end_offset", INT64)]),
    ),
    tagged(1, 12, "current_leader", LEADER_ID_AND_EPOCH),
    tagged(
        2,
        12,
        "snapshot_id",
        Struct(&[since(0, "end_offset", INT64), since(0, "epoch", INT32)]),
    ),
];

impl Question for ListOffsetsRequest {
    const ANSWER: Shape = Shape {
        flexible: 6,
        fields: &[
            since(2, "throttle_time_ms", INT32),
            since(
                0,
                "topics",
                Array(&Struct(&[
                    since(0, "name", Text),
                    since(
                        0,
                        "partitions",
                        Array(&Struct(&[
                            since(0, "partition_index", INT32),
                            since(0, "error_code", INT16),
                            since(0, "timestamp", INT64),
                            since(0, "offset", INT64),
                            since(4, "leader_epoch", INT32),
                        ])),
                    ),
                ])),
            ),
        ],
    };
}

impl Question for CreateTopicsRequest {
    const REPEATABLE: bool = false;
    const ANSWER: Shape = Shape {
        flexible: 5,
        fields: &[
            since(0, "throttle_time_ms", INT32),
            since(
                0,
                "topics",
                Array(&Struct(&[
                    since(0, "name", Text),
                    since(7, "topic_id", UUID),
                    since(0, "error_code", INT16),
                    since(0, "error_message", Text),
                    since(5, "num_partitions", INT32),
                    since(5, "replication_factor", INT16),
                    since(5, "configs", Array(&CREATED_CONFIG)),
                    tagged(0, 5, "topic_config_error_code", INT16),
                ])),
            ),
        ],
    };
}

const CREATED_CONFIG: Kind = Struct(&[
    since(0, "name", Text),
    since(0, "value", Text),
    since(0, "read_only", BOOLEAN),
    since(0, "config_source", INT8),
    since(0, "is_sensitive", BOOLEAN),
]);
