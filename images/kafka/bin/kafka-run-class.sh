#!/usr/bin/env bash
# Runs a class of Kafka: kafka-run-class.sh CLASS [ARGUMENT...]
#
# Heeds KAFKA_HEAP_OPTS, KAFKA_JVM_PERFORMANCE_OPTS, KAFKA_GC_LOG_OPTS, KAFKA_LOG4J_OPTS, KAFKA_OPTS
# (blanks separate options) and CLASSPATH (more jars, after Kafka's own). Two variables are between
# these scripts (a KAFKA_ variable would become a property of the node): CLASS_ARCHIVE, which class
# archive to start with, if any, and LOG_CONFIG, how the name of the log configuration begins.
set -euo pipefail

# Quick to start before fast to run. What the user sets comes later and wins.
flags=(-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.awt.headless=true)

archive=${CLASS_ARCHIVE-/opt/kafka/tools.jsa}
if [[ -n $archive ]]; then
    # One that does not fit (a longer class path, another Java) is passed over in silence.
    flags+=("-XX:SharedArchiveFile=$archive" -Xshare:auto -Xlog:disable -Xlog:all=error:stderr)
fi

class_path=(@/opt/kafka/class-path)
if [[ -n ${CLASSPATH:-} ]]; then
    class_path=(-cp "$(cut -d' ' -f2 /opt/kafka/class-path):$CLASSPATH")
fi

# Kafka logs with log4j 2 since 4.0, before it with reload4j, which is log4j 1.
if compgen -G '/opt/kafka/libs/slf4j-reload4j-*.jar' >/dev/null; then
    logging=-Dlog4j.configuration=file:/opt/kafka/config/${LOG_CONFIG-tools-}log4j.properties
else
    logging=-Dlog4j2.configurationFile=/opt/kafka/config/${LOG_CONFIG-tools-}log4j2.yaml
fi

# shellcheck disable=SC2086 # these variables hold several options each
exec java "${flags[@]}" \
    ${KAFKA_HEAP_OPTS:--Xmx256m} \
    ${KAFKA_JVM_PERFORMANCE_OPTS:-} \
    ${KAFKA_GC_LOG_OPTS:-} \
    ${KAFKA_LOG4J_OPTS:-$logging} \
    ${KAFKA_OPTS:-} \
    "${class_path[@]}" "$@"
