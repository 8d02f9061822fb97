#!/usr/bin/env bash
# Apache Kafka, one process that is broker and KRaft controller: kafka.sh up|down|status|wipe
set -euo pipefail
here="$(dirname "${BASH_SOURCE[0]}")"
. "$here/settings.sh"
. "$here/service.sh"
. "$here/jars.sh"

dir="$CLUSTER_DIR/kafka"
jvm=(-XX:+UseSerialGC "-XX:TieredStopAtLevel=$JIT_TIER" -XX:+ExitOnOutOfMemoryError -XX:+PerfDisableSharedMem -Xss512k
  -Djava.awt.headless=true -Djava.net.preferIPv4Stack=true "-Dkafka.logs.dir=$dir/log"
  "-Dlog4j2.configurationFile=$NATIVE_DIR/kafka/log4j2.properties")

write_config() {
  local door name doors='' told='' protocol=''
  for door in $KAFKA_DOORS; do
    name="DOOR${door%:*}"
    doors+=",$name://127.0.0.1:${door%:*}"
    told+=",$name://127.0.0.1:${door#*:}"
    protocol+=",$name:PLAINTEXT"
  done
  mkdir -p "$dir/conf" "$dir/log" "$dir/data"
  sed -e "s|@PORT@|$KAFKA_PORT|g" -e "s|@CONTROLLER_PORT@|$KAFKA_CONTROLLER_PORT|g" -e "s|@DATA@|$dir/data|" \
    -e "s|@DOORS@|$doors|" -e "s|@DOORS_TOLD@|$told|" -e "s|@DOORS_PROTOCOL@|$protocol|" \
    "$NATIVE_DIR/kafka/server.properties.in" > "$dir/conf/server.properties"
}

# Any 16 bytes in URL-safe base64 are a cluster id, which saves a JVM for `random-uuid`.
format_data() {
  local id
  [ -f "$dir/data/meta.properties" ] && return 0
  id="$("$NODE_BINARY" -p "require('crypto').randomBytes(16).toString('base64url').replace(/^-/, 'A')")"
  "$JAVA" "${jvm[@]}" -Xmx96m -cp "$(jars kafka)/*" kafka.tools.StorageTool format --ignore-formatted -t "$id" \
    -c "$dir/conf/server.properties" > "$dir/log/format.log" 2>&1 || { show_end kafka; die "Kafka could not format its data folder"; }
}

up() {
  if ! alive kafka; then
    check_java
    fetch kafka
    need_port 127.0.0.1 "$KAFKA_PORT"
    need_port 127.0.0.1 "$KAFKA_CONTROLLER_PORT"
    write_config
    format_data
    # shellcheck disable=SC2086
    MALLOC_ARENA_MAX=2 spawn kafka "$JAVA" "${jvm[@]}" -Xms128m "-Xmx$KAFKA_HEAP" $KAFKA_EXTRA \
      -cp "$(jars kafka)/*" kafka.Kafka "$dir/conf/server.properties"
  fi
  until_ready kafka ask kafka 127.0.0.1 "$KAFKA_PORT"
}

case "${1:-}" in
  up) lock kafka; up ;;
  down) lock kafka; stop TERM 60 kafka ;;
  status) show_status kafka "127.0.0.1:$KAFKA_PORT" ;;
  wipe) lock kafka; wipe kafka ;;
  *) die "usage: kafka.sh up|down|status|wipe" ;;
esac
