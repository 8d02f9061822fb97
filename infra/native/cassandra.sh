#!/usr/bin/env bash
# Apache Cassandra: cassandra.sh up|down|status|wipe [NODE] | nodetool NODE ARGUMENTS...
set -euo pipefail
here="$(dirname "${BASH_SOURCE[0]}")"
. "$here/settings.sh"
. "$here/service.sh"
. "$here/jars.sh"

host() { echo "127.0.0.$1"; }
name() { echo "cassandra-$1"; }
nodes() { if [ -n "$node" ]; then echo "$node"; else seq 1 "$CASSANDRA_NODES"; fi; }
present() { find "$CLUSTER_DIR" -maxdepth 1 -type d -name 'cassandra-*' -printf '%f\n' | sort; }

# The ring cut into equal parts, so that a node knows its place without bootstrapping.
token() {
  "$NODE_BINARY" -p "const n = BigInt($CASSANDRA_NODES), i = BigInt($1 - 1); String(-(2n ** 63n) + (2n ** 64n / n) * i)"
}

write_config() {
  local i=$1 dir=$2 seeds
  seeds="$(for ((s = 1; s <= CASSANDRA_NODES; s++)); do host $s; done | paste -sd,)"
  mkdir -p "$dir/conf/triggers" "$dir/log"
  sed -e "s|@TOKEN@|$(token "$i")|" -e "s|@SEEDS@|$seeds|" -e "s|@HOST@|$(host "$i")|" \
    -e "s|@STORAGE_PORT@|$CASSANDRA_STORAGE_PORT|" -e "s|@PORT@|$CASSANDRA_PORT|" \
    "$NATIVE_DIR/cassandra/cassandra.yaml.in" > "$dir/conf/cassandra.yaml"
}

start_node() {
  local i=$1 n dir jmx=()
  n="$(name "$i")"
  dir="$CLUSTER_DIR/$n"
  alive "$n" && return 0
  need_port "$(host "$i")" "$CASSANDRA_PORT"
  write_config "$i" "$dir"
  [ "$CASSANDRA_JMX_PORT" = 0 ] ||
    jmx=("-Dcassandra.jmx.local.port=$((CASSANDRA_JMX_PORT + i - 1))" -Dcom.sun.management.jmxremote.authenticate=false)
  # shellcheck disable=SC2086
  MALLOC_ARENA_MAX=2 spawn "$n" "$JAVA" "@$NATIVE_DIR/cassandra/jvm17.options" "-XX:TieredStopAtLevel=$JIT_TIER" \
    -Xms256m "-Xmx$CASSANDRA_HEAP" "-XX:HeapDumpPath=$dir/log" "-javaagent:$(echo "$(jars cassandra)"/jamm-*.jar)" \
    -Dcassandra-foreground=yes "-Dcassandra.config=file://$dir/conf/cassandra.yaml" \
    "-Dcassandra.storagedir=$dir/data" "-Dcassandra.logdir=$dir/log" "-Dcassandra.triggers_dir=$dir/conf/triggers" \
    "-Dlogback.configurationFile=file://$NATIVE_DIR/cassandra/logback.xml" \
    ${jmx[@]+"${jmx[@]}"} $CASSANDRA_EXTRA \
    -cp "$(jars cassandra)/*" org.apache.cassandra.service.CassandraDaemon
}

# The nodes share the ring out at their first start, by their number: with another number, rows would be looked for
# where they aren't.
keep_number() {
  local file="$CLUSTER_DIR/cassandra.nodes" made
  made="$(cat "$file" 2>/dev/null || echo "$CASSANDRA_NODES")"
  [ "$made" = "$CASSANDRA_NODES" ] ||
    die "Cassandra's data here is that of $made node(s), and CASSANDRA_NODES is $CASSANDRA_NODES: wipe it first, or keep the number"
  echo "$made" > "$file"
}

up() {
  local i wanted=$CASSANDRA_NODES
  [ -z "$node" ] || wanted=1
  check_java
  fetch cassandra
  keep_number
  for i in $(nodes); do start_node "$i"; done
  for i in $(nodes); do until_ready "$(name "$i")" ask cql "$(host "$i")" "$CASSANDRA_PORT" "$wanted"; done
}

down() {
  local running
  if [ -n "$node" ]; then running=("$(name "$node")"); else mapfile -t running < <(present); fi
  [ ${#running[@]} -eq 0 ] || stop TERM 60 "${running[@]}"
}

# Needs a node that was started with CASSANDRA_JMX_PORT.
nodetool() {
  "$JAVA" "@$NATIVE_DIR/cassandra/jvm17.options" -Xmx96m "-Duser.home=$CLUSTER_DIR" \
    "-Dlogback.configurationFile=file://$NATIVE_DIR/cassandra/logback.xml" "-Dcassandra.logdir=$CLUSTER_DIR/nodetool" \
    -cp "$(jars cassandra)/*" org.apache.cassandra.tools.NodeTool -h 127.0.0.1 -p $((CASSANDRA_JMX_PORT + node - 1)) "$@"
}

command=${1:-}
node=${2:-}
case "$command" in
  up) lock cassandra; up ;;
  down) lock cassandra; down ;;
  status) failed=0; for i in $(nodes); do show_status "$(name "$i")" "$(host "$i"):$CASSANDRA_PORT" || failed=1; done; exit $failed ;;
  wipe) lock cassandra; mapfile -t all < <(present); wipe ${all[@]+"${all[@]}"}; rm -f "$CLUSTER_DIR/cassandra.nodes" ;;
  nodetool) shift 2; nodetool "$@" ;;
  *) die "usage: cassandra.sh up|down|status|wipe [NODE] | nodetool NODE ARGUMENTS..." ;;
esac
