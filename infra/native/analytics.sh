#!/usr/bin/env bash
# The Spark job in analytics/: analytics.sh up|down|status|wipe | build | compact | verify | command
# `command` prints how the job is started, a word a line, for who wants to run it otherwise.
set -euo pipefail
here="$(dirname "${BASH_SOURCE[0]}")"
. "$here/settings.sh"
. "$here/service.sh"
. "$here/jars.sh"

source="$REPOSITORY/analytics"

libraries() { echo "$JAR_CACHE/analytics-$(sha256sum "$source/pom.xml" | cut -c1-12)"; }

job() {
  local sum
  sum="$(cd "$source" && find pom.xml src -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -c1-12)"
  echo "$JAR_CACHE/analytics-job-$sum"
}

# Downloads 290 MB the first time. Strict (-C): a jar whose checksum isn't the repository's ends the build.
build() {
  local fresh
  [ -d "$(libraries)" ] && [ -d "$(job)" ] && return 0
  command -v mvn > /dev/null || die "Maven is missing: apt-get install maven"
  [ -x "$(dirname "$(readlink -f "$(command -v "$JAVA")")")/javac" ] || die "a JDK 17 is missing: apt-get install openjdk-17-jdk-headless"
  mkdir -p "$JAR_CACHE"
  exec 8> "$JAR_CACHE/lock" && flock 8
  say "building the analytics job"
  fresh="$(mktemp -d "$JAR_CACHE/.analytics.XXXXXX")"
  cp -r "$source/pom.xml" "$source/src" "$fresh"
  JAVA_HOME="$(dirname "$(dirname "$(readlink -f "$(command -v "$JAVA")")")")" \
    mvn -C -q -B -ntp -f "$fresh/pom.xml" -Dmaven.test.skip=true package dependency:copy-dependencies \
    -DincludeScope=runtime "-DoutputDirectory=$fresh/lib" > "$fresh.log" 2>&1 ||
    { cat "$fresh.log" >&2; rm -rf "$fresh" "$fresh.log"; die "Maven could not build the analytics job"; }
  keep "$fresh/lib" "$(libraries)"
  mkdir "$fresh/job" && mv "$fresh/target/tidings-analytics.jar" "$fresh/job"
  keep "$fresh/job" "$(job)"
  rm -rf "$fresh" "$fresh.log"
  exec 8>&-
}

keep() { [ -d "$2" ] || mv -T "$1" "$2"; }

# Sets `words`, so that a folder with a space in its name stays one word.
read_command() {
  words=("$JAVA" "@$source/java17.options" "-Xmx$ANALYTICS_HEAP" "-XX:TieredStopAtLevel=$JIT_TIER" -XX:+ExitOnOutOfMemoryError
    "-Djava.io.tmpdir=${TMPDIR:-/tmp}" -cp "$(job)/*:$(libraries)/*" tidings.analytics.Main)
  where=(--output "$ANALYTICS_OUTPUT" --brokers "127.0.0.1:$KAFKA_PORT" --topic "$ANALYTICS_TOPIC" --master "$ANALYTICS_MASTER")
}

up() {
  check_java
  build
  read_command
  alive analytics || MALLOC_ARENA_MAX=2 spawn analytics "${words[@]}" run "${where[@]}"
  until_ready analytics grep -q "^analytics: running" "$(log_dir analytics)/out.log"
}

once() { check_java; build; read_command; "${words[@]}" "$1" "${where[@]}"; }

case "${1:-}" in
  up) lock analytics; up ;;
  down) lock analytics; stop TERM 60 analytics ;;
  status) show_status analytics "$ANALYTICS_OUTPUT" ;;
  wipe) lock analytics; wipe analytics ;;
  build) check_java; build ;;
  compact) lock analytics-compact; once compact ;;
  verify) once verify ;;
  command) check_java; build; read_command; printf '%s\n' "${words[@]}" ;;
  *) die "usage: analytics.sh up|down|status|wipe | build | compact | verify | command" ;;
esac
