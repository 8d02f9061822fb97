# shellcheck shell=bash
# Where the engines are, as the application's processes are told it: NAME=value lines. Sourced.

cassandra_contact_points() {
  local i
  for ((i = 1; i <= CASSANDRA_NODES; i++)); do echo "127.0.0.$i:$CASSANDRA_PORT"; done | paste -sd,
}

# print_environment [root]: with the application's account of MariaDB, or with that which may make databases.
print_environment() {
  local account=tidings password database=/tidings
  if [ "${1:-}" = root ]; then
    account=root database=
    password="$(secret mariadb-root)"
  else
    password="$(secret mariadb-application)"
  fi
  cat << END
CASSANDRA_CONTACT_POINTS=$(cassandra_contact_points)
CASSANDRA_LOCAL_DATACENTER=datacenter1
CASSANDRA_REPLICATION_FACTOR=$((CASSANDRA_NODES < 3 ? CASSANDRA_NODES : 3))
REDIS_URL=redis://127.0.0.1:$REDIS_PORT
REDIS_CACHE_URL=redis://127.0.0.1:$REDIS_CACHE_PORT
KAFKA_BROKERS=127.0.0.1:$KAFKA_PORT
DATABASE_URL=mysql://$account:$password@127.0.0.1:$MARIADB_PORT$database
DATABASE_REPLICA_URLS=mysql://$account:$password@127.0.0.1:$MARIADB_REPLICA_PORT$database
END
}
