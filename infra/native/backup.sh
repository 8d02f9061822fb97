#!/usr/bin/env bash
# A copy of what can't be made again: backup.sh make FOLDER | restore FOLDER
# `make` works while people chat. `restore` wants a cluster that was wiped, and leaves its engines running for `npm run cluster`.
# Redis and Kafka are left out: what is in them is found again, or is of no use the next day.
set -euo pipefail
here="$(dirname "${BASH_SOURCE[0]}")"
. "$here/settings.sh"
. "$here/service.sh"

keyspace="${CASSANDRA_KEYSPACE:-tidings}"
tables="data/data/$keyspace" # of a node: a folder per table, named TABLE-ID

nodetool() { "$here/cassandra.sh" nodetool "$@"; }

# The logs first: a conversation without its newest messages is only shorter, one that the directory doesn't know can't be reached.
make() {
  [ ! -e "$folder" ] || die "$folder is there already"
  mkdir -p "$folder.new" && chmod 700 "$folder.new"
  folder="$(cd "$folder.new" && pwd)"
  copy_logs
  "$here/mariadb.sh" dump > "$folder/tidings.sql"
  cp -p "$CLUSTER_DIR/secrets/session" "$folder/session"
  mv -T "$folder" "${folder%.new}"
  say "the backup is in ${folder%.new}"
}

# Cassandra takes files in from a folder only if its path ends in the names of the keyspace and the table.
copies() { echo "$folder/cassandra-$1/$keyspace"; }

# A snapshot is hard links to files that never change, made at once on every node.
copy_logs() {
  local i tag
  tag="backup-$(date +%s)"
  echo "$CASSANDRA_NODES" > "$folder/nodes"
  for ((i = 1; i <= CASSANDRA_NODES; i++)); do nodetool "$i" snapshot -t "$tag" "$keyspace" > /dev/null & done
  wait_for_all
  for ((i = 1; i <= CASSANDRA_NODES; i++)); do
    copy_snapshot "$CLUSTER_DIR/cassandra-$i/$tables" "$tag" "$(copies "$i")"
    nodetool "$i" clearsnapshot -t "$tag" "$keyspace" > /dev/null
  done
}

copy_snapshot() {
  local from=$1 tag=$2 to=$3 snapshot table
  for snapshot in "$from"/*/snapshots/"$tag"; do
    table="${snapshot%/snapshots/*}" table="${table##*/}"
    mkdir -p "$to"
    cp -r "$snapshot" "$to/${table%-*}"
  done
}

wait_for_all() {
  local job
  for job in $(jobs -p); do wait "$job" || die "a node refused the snapshot"; done
}

# Tables are made by the migration, so that a backup of an older version is brought up to date as well.
restore() {
  local engine
  [ -f "$folder/tidings.sql" ] || die "there is no backup in $folder"
  [ "$(cat "$folder/nodes")" = "$CASSANDRA_NODES" ] ||
    die "the backup is that of $(cat "$folder/nodes") node(s) of Cassandra, and CASSANDRA_NODES is $CASSANDRA_NODES"
  if [ -e "$CLUSTER_DIR/cassandra-1" ] || [ -e "$CLUSTER_DIR/mariadb-primary" ]; then
    die "there are data in $CLUSTER_DIR: take the cluster down and wipe it first"
  fi
  mkdir -p "$CLUSTER_DIR/secrets" && chmod 700 "$CLUSTER_DIR/secrets"
  cp -p "$folder/session" "$CLUSTER_DIR/secrets/session"
  for engine in redis mariadb kafka cassandra; do "$here/$engine.sh" up; done
  "$here/mariadb.sh" sql primary < "$folder/tidings.sql"
  "$here/app.sh" migrate
  take_logs
  say "restored: npm run cluster"
}

take_logs() {
  local i table
  for ((i = 1; i <= CASSANDRA_NODES; i++)); do
    for table in "$(copies "$i")"/*; do
      # What the migration knows of itself it has just written; what was never written to has a snapshot without data.
      [ "${table##*/}" != schema_part ] || continue
      compgen -G "$table/*-Data.db" > /dev/null || continue
      take_table "$i" "$table"
    done
  done
}

# Files that it doesn't recognise it leaves where they are, and calls that a success.
take_table() {
  local i=$1 table=$2 name="${2##*/}"
  nodetool "$i" import --copy-data "$keyspace" "$name" "$(realpath "$table")"
  compgen -G "$CLUSTER_DIR/cassandra-$i/$tables/$name-*/*-Data.db" > /dev/null ||
    die "Cassandra took nothing of $table: its log says why"
}

command=${1:-}
folder=${2:-}
[ -n "$folder" ] || command=
[ "$CASSANDRA_JMX_PORT" != 0 ] || die "Cassandra must run with CASSANDRA_JMX_PORT set (docs/operations.md)"
case "$command" in
  make) lock backup; make ;;
  restore) lock backup; restore ;;
  *) die "usage: backup.sh make|restore FOLDER" ;;
esac
