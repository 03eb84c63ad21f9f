use super::*;
use proptest::prelude::*;

/// As the lab has it.
fn spec() -> ErrorNameSpec {
    let also = [
        "org.apache.kafka.common.errors.InvalidPartitionsException",
        "RD_KAFKA_RESP_ERR_INVALID_PARTITIONS",
        "Invalid number of partitions",
        "Broker: Invalid number of partitions",
        "InvalidPartitionNumber",
        "Invalid Partition Number",
        "Number of partitions is invalid",
        "kafka server: Number of partitions is invalid",
        "Number of partitions is below 1",
    ];
    let also = also.map(str::to_owned).into();
    ErrorNameSpec { field: "error".to_owned(), code: 37, also }
}

#[test]
fn any_clients_name_for_it_counts() {
    for answer in [
        "INVALID_PARTITIONS",
        "invalid_partitions",
        "InvalidPartitions",
        "invalid-partitions",
        "Invalid Partitions",
        "INVALID PARTITIONS",
        "Invalid Partitions Exception",
        "InvalidPartitionsException",
        "org.apache.kafka.common.errors.InvalidPartitionsException",
        "org/apache/kafka/common/errors/InvalidPartitionsException",
        "class org.apache.kafka.common.errors.InvalidPartitionsException",
        "ErrInvalidPartitions",
        "kafka.ErrInvalidPartitions",
        "kerr.InvalidPartitions",
        "sarama.ErrInvalidPartitions",
        "InvalidPartitionsError",
        "Errors.INVALID_PARTITIONS",
        "Errors::INVALID_PARTITIONS",
        "ErrorCode.InvalidPartitions",
        "RD_KAFKA_RESP_ERR_INVALID_PARTITIONS",
        "RDKafkaErrorCode::InvalidPartitions",
        "Broker: Invalid number of partitions",
        "Local: Broker: Invalid number of partitions",
        "InvalidPartitionNumber",
        "[37] InvalidPartitionNumber",
        "37",
        "#37",
        "error code 37",
        "errorCode=37",
        "INVALID_PARTITIONS (37)",
        "37: INVALID_PARTITIONS",
        "INVALID_PARTITIONS / InvalidPartitionsException",
        "InvalidPartitionsException, INVALID_PARTITIONS, 37",
        "the error is INVALID_PARTITIONS",
    ] {
        assert_eq!(named(answer, &spec()), Named::Wanted, "{answer}");
    }
}

#[test]
fn how_it_is_typed_does_not_matter() {
    for answer in [
        "INVALID_PARTITIONS.",
        "INVALID_PARTITIONS。",
        "“INVALID_PARTITIONS”",
        "「INVALID_PARTITIONS」",
        "《INVALID_PARTITIONS》",
        "'INVALID_PARTITIONS'",
        "`INVALID_PARTITIONS`",
        "**INVALID_PARTITIONS**",
        "INVALID_PARTITIONS（37）",
        "３７",
        "ＩＮＶＡＬＩＤ＿ＰＡＲＴＩＴＩＯＮＳ",
        "错误码：37",
        "错误码 37",
        "错误是 INVALID_PARTITIONS。",
        "InvalidPartitionsException异常",
        "\u{feff}INVALID_PARTITIONS\u{200b}",
        "\u{3000}INVALID_PARTITIONS\u{a0}",
        "\u{1b}[31mERROR\u{1b}[0m InvalidPartitionsException",
    ] {
        assert_eq!(named(answer, &spec()), Named::Wanted, "{answer}");
    }
}

const REASON: &str =
    "The topic quickstart-events currently has 5 partition(s); 2 would not be an increase.";

#[test]
fn what_a_tool_printed_may_be_pasted_whole() {
    let java = "org.apache.kafka.common.errors.InvalidPartitionsException";
    for answer in [
        format!("{java}: {REASON}"),
        format!("ERROR {java}: {REASON}"),
        format!("[2026-11-21 09:45:03,393] ERROR {java}: {REASON}"),
        format!(
            "Error while executing topic command : {REASON}\n[2026-11-21 09:45:03,393] ERROR {java}: {REASON}\n (org.apache.kafka.tools.TopicCommand)"
        ),
        format!("Caused by: {java}: {REASON}"),
        format!("java.util.concurrent.ExecutionException: {java}: {REASON}"),
        format!(
            "Exception in thread \"main\" java.util.concurrent.ExecutionException: {java}: {REASON}\n\tat Main.main(Main.java:11)\nCaused by: {java}: {REASON}"
        ),
        format!("KafkaError{{code=INVALID_PARTITIONS,val=37,str=\"{REASON}\"}}"),
        format!(
            "cimpl.KafkaException: KafkaError{{code=INVALID_PARTITIONS,val=37,str=\"{REASON}\"}}"
        ),
        format!("InvalidPartitionsError('{REASON}')"),
        format!("kafka.errors.InvalidPartitionsError: [Error 37] InvalidPartitionsError: {REASON}"),
        "[37] Invalid Partitions: number of partitions is invalid".to_owned(),
        "[37] Invalid Partition Number: the number of partitions is invalid".to_owned(),
        "KafkaJSProtocolError: Number of partitions is invalid".to_owned(),
        "kafka server: Number of partitions is invalid.".to_owned(),
        "INVALID_PARTITIONS: Number of partitions is below 1.".to_owned(),
        "unable to create partitions: INVALID_PARTITIONS: Number of partitions is below 1."
            .to_owned(),
        "INVALID_PARTITIONS\t37\tFalse\tNumber of partitions is below 1.".to_owned(),
        "%3|1700000000.123|ERROR|rdkafka#producer-1| Broker: Invalid number of partitions"
            .to_owned(),
        "% ERROR: Failed to create partitions: Broker: Invalid number of partitions".to_owned(),
    ] {
        assert_eq!(named(&answer, &spec()), Named::Wanted, "{answer}");
    }
}

#[test]
fn another_error_is_told_from_nonsense() {
    assert_eq!(named("INVALID_REPLICATION_FACTOR", &spec()), Named::Other(38));
    assert_eq!(named("InvalidTopicException", &spec()), Named::Other(17));
    assert_eq!(named("36", &spec()), Named::Other(36));
    for nonsense in
        ["no idea", "partitions", "INVALID", "Exception", "0", ": 0", "", "。", "INVALID_*", REASON]
    {
        assert_eq!(named(nonsense, &spec()), Named::None, "{nonsense}");
    }
}

#[test]
fn a_list_of_errors_names_nothing() {
    for list in [
        "INVALID_PARTITIONS, INVALID_REPLICATION_FACTOR",
        "36 37 38",
        "37\n38",
        "INVALID_PARTITIONS or 38",
        "37: 38",
        "37: or 38",
        "INVALID_PARTITIONS: INVALID_REPLICATION_FACTOR: 38",
        "INVALID_PARTITIONS: no, INVALID_REQUEST",
        "INVALID_TOPIC_EXCEPTION.INVALID_PARTITIONS",
        "38.INVALID_PARTITIONS",
        "36.37",
        "1.2.3.36.37",
        "38/37",
        "36|37|38",
    ] {
        let said = named(list, &spec());
        assert!(matches!(said, Named::Several | Named::None), "{list}: {said:?}");
    }
}

#[test]
fn what_is_denied_or_hidden_is_not_named() {
    for answer in [
        "not 37",
        "anything but INVALID_PARTITIONS",
        "error: not 37",
        "anything but\n37",
        "!37",
        "!INVALID_PARTITIONS",
        "~37",
        "-37",
        "3-7",
        "3_7",
        "37+",
        "37*",
        "不是 37",
        "不是37",
        "不是 INVALID_PARTITIONS",
        "除了 37 都行",
        "37 以外",
        "非 INVALID_PARTITIONS",
        "\u{202e}37",
        "InvalidPartitions\u{430}",
        "3\u{96d}7",
    ] {
        assert_eq!(named(answer, &spec()), Named::None, "{answer}");
    }
}

proptest! {
    #[test]
    fn no_answer_makes_it_panic(answer in "\\PC*|[%|\\[\\]: \u{1b}37a-zİé错（）('\\n]*") {
        named(&answer, &spec());
    }
}
