# shellcheck shell=bash
# Where the engines are, as the application's processes are told it: NAME=value lines. Sourced.

cassandra_contact_points() {
  local i
  for ((i = 1; i <= CASSANDRA_NODES; i++)); do echo "127.0.0.$i:$CASSANDRA_PORT"; done | paste -sd,
}

# print_environment [root]: with the application's accounts of MariaDB and S3, or with those that may make databases and buckets.
print_environment() {
  local account=tidings password database=/tidings s3_secret
  if [ "${1:-}" = root ]; then
    account=root database=
    password="$(secret mariadb-root)"
    s3_secret="$(secret s3-root)"
  else
    password="$(secret mariadb-application)"
    s3_secret="$(secret s3-application)"
  fi
  cat << END
CASSANDRA_CONTACT_POINTS=$(cassandra_contact_points)
CASSANDRA_LOCAL_DATACENTER=datacenter1
CASSANDRA_REPLICATION_FACTOR=$((CASSANDRA_NODES < 3 ? CASSANDRA_NODES : 3))
REDIS_URL=redis://127.0.0.1:$REDIS_PORT
REDIS_CACHE_URL=redis://127.0.0.1:$REDIS_CACHE_PORT
S3_ENDPOINT=http://127.0.0.1:$S3_PORT
S3_BUCKET=$S3_BUCKET
S3_ACCESS_KEY_ID=$account
S3_SECRET_ACCESS_KEY=$s3_secret
KAFKA_BROKERS=127.0.0.1:$KAFKA_PORT
DATABASE_URL=mysql://$account:$password@127.0.0.1:$MARIADB_PORT$database
DATABASE_REPLICA_URLS=mysql://$account:$password@127.0.0.1:$MARIADB_REPLICA_PORT$database
END
}
