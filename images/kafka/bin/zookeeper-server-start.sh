#!/usr/bin/env bash
# Starts a server of ZooKeeper: zookeeper-server-start.sh FILE
#
# Only where Kafka brings ZooKeeper, up to 3.9. Heeds what kafka-run-class.sh heeds.
set -euo pipefail

export CLASS_ARCHIVE=${CLASS_ARCHIVE-/opt/kafka/zookeeper.jsa}
export LOG_CONFIG=
export KAFKA_HEAP_OPTS=${KAFKA_HEAP_OPTS:--Xms64m -Xmx512m}
export KAFKA_OPTS="-XX:+ExitOnOutOfMemoryError ${KAFKA_JMX_OPTS:-} ${KAFKA_OPTS:-}"

exec /opt/kafka/bin/kafka-run-class.sh org.apache.zookeeper.server.quorum.QuorumPeerMain "$@"
