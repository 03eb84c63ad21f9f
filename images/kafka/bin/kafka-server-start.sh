#!/usr/bin/env bash
# Starts a node: kafka-server-start.sh FILE [--override PROPERTY=VALUE...]
#
# Heeds what kafka-run-class.sh heeds, and KAFKA_JMX_OPTS. The JVM takes this process's place, so
# that a signal reaches it.
set -euo pipefail

export CLASS_ARCHIVE=${CLASS_ARCHIVE-/opt/kafka/kafka.jsa}
export KAFKA_HEAP_OPTS=${KAFKA_HEAP_OPTS:--Xms256m -Xmx1g}
export LOG_CONFIG=
# Only here: a tool run beside the node would fight it for the JMX port.
export KAFKA_OPTS="-XX:+ExitOnOutOfMemoryError ${KAFKA_JMX_OPTS:-} ${KAFKA_OPTS:-}"

exec /opt/kafka/bin/kafka-run-class.sh kafka.Kafka "$@"
