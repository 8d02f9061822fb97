# shellcheck shell=bash
# What may be chosen about the services on this machine. Sourced by every script here. Three layers, the first wins:
# the environment, settings.env in the cluster's folder, the values below.
NATIVE_DIR="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
INFRA_DIR="${NATIVE_DIR%/*}"
REPOSITORY="${INFRA_DIR%/*}"

: "${CLUSTER_DIR:=$REPOSITORY/.cluster}"           # data, logs, pid files and secrets, a folder per service
mkdir -p "$CLUSTER_DIR" && CLUSTER_DIR="$(cd "$CLUSTER_DIR" && pwd)"

# Lines NAME=value; a name that the environment has already is left alone.
if [ -f "$CLUSTER_DIR/settings.env" ]; then
  while IFS='=' read -r name value; do
    [[ "$name" =~ ^[A-Z_]+$ ]] || continue
    [ -n "${!name+set}" ] || printf -v "$name" '%s' "$value"
  done < "$CLUSTER_DIR/settings.env"
fi

: "${HOST:=127.0.0.1}"                            # where nginx listens; 0.0.0.0 is every network
: "${PORT:=8080}"
: "${PUBLIC_URL:=}"                               # where people reach it; without it, any address that leads here
: "${TLS_CERTIFICATE:=}"                          # files; with both, nginx speaks TLS on PORT, and needs PUBLIC_URL
: "${TLS_KEY:=}"
: "${HANDLERS:=3}"
: "${GROUP_HANDLERS:=2}"
# Everything but nginx listens on loopback only: the engines ask nobody for a password there, MariaDB excepted.
: "${WEB_PORT:=3100}"
: "${HANDLER_PORT:=3101}"                         # handler-i takes this + (i-1)
: "${GROUP_HANDLER_PORT:=3151}"                   # likewise; for probes and metrics only
# The one that came with the packages; `npm run` has said NODE for another.
: "${NODE_BINARY:=$REPOSITORY/node_modules/.bin/node}"
[ -x "$NODE_BINARY" ] || NODE_BINARY=node

: "${JAR_CACHE:=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/tidings/jars}"   # outside the clone: a fresh one downloads nothing again
: "${BINARY_CACHE:=${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/tidings/bin}"
[ -n "${JAVA:-}" ] || JAVA="$(find /usr/lib/jvm/java-17-*/bin/java -executable 2> /dev/null | head -n 1)"
: "${JAVA:=java}"
: "${BOOT_TIMEOUT:=240}"                          # seconds; a loaded machine with two cores is slow
# 1: the JIT's quick compiler only, which starts faster and suits tests; 4: both, about twice the throughput once warm.
: "${JIT_TIER:=4}"

: "${CASSANDRA_NODES:=1}"                         # node i listens at 127.0.0.i
: "${CASSANDRA_PORT:=9042}"
: "${CASSANDRA_STORAGE_PORT:=7000}"
: "${CASSANDRA_JMX_PORT:=0}"                      # 0 is off; node i gets this + (i-1)
: "${CASSANDRA_HEAP:=768m}"
: "${CASSANDRA_EXTRA:=}"                          # further options for its JVM

: "${KAFKA_PORT:=9092}"
: "${KAFKA_CONTROLLER_PORT:=9093}"
: "${KAFKA_HEAP:=384m}"
: "${KAFKA_EXTRA:=}"
: "${KAFKA_DOORS:=}"                              # further ports, PORT:TOLD with spaces between: who comes by PORT is told to use TOLD

: "${REDIS_PORT:=6379}"
: "${REDIS_CACHE_PORT:=6380}"
: "${REDIS_CACHE_MEMORY:=256mb}"

: "${MARIADB_PORT:=3306}"
: "${MARIADB_REPLICA_PORT:=3307}"
: "${MARIADB_BUFFER_POOL:=128M}"

: "${EDGE_CACHE:=2g}"                             # how much of people's files nginx keeps
: "${EDGE_METRICS_PORT:=3190}"

: "${S3_PORT:=7070}"
: "${S3_BUCKET:=tidings-assets}"

: "${ANALYTICS_HEAP:=1g}"
: "${ANALYTICS_OUTPUT:=file://$CLUSTER_DIR/analytics/data}"   # or hdfs://HOST:PORT/FOLDER
: "${ANALYTICS_TOPIC:=tidings.events}"
: "${ANALYTICS_MASTER:=local[2]}"
