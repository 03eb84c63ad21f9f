#!/usr/bin/env bash
# A tool of Kafka, by the name that it is called by: each bin/NAME.sh links here, and
# /opt/kafka/tools says which class NAME is.
set -euo pipefail

name=$(basename "$0" .sh)
class=$(awk -v name="$name" '$1 == name { print $2 }' /opt/kafka/tools)
[[ -n $class ]] || {
    echo "$name: no such tool; those there are:" >&2
    cut -d' ' -f1 /opt/kafka/tools >&2
    exit 1
}
# Its own script, elsewhere, has this word for the address that comes first.
[[ $name != zookeeper-shell ]] || set -- -server "$@"
exec /opt/kafka/bin/kafka-run-class.sh "$class" "$@"
