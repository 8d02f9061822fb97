# shellcheck shell=bash
# Engines that come as jars: a pom.xml is their shopping list. Sourced.

check_java() {
  local found
  found="$("$JAVA" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = //p')" || true
  [ "$found" = 17 ] || die "Cassandra and Kafka need Java 17 here (found ${found:-none}); set JAVA=/path/to/java"
}

jars() { echo "$JAR_CACHE/$1-$(sha256sum "$NATIVE_DIR/$1/pom.xml" | cut -c1-12)"; }

# fetch NAME: puts the jars of NAME/pom.xml into the cache; a folder there is complete, or isn't there.
fetch() {
  local name=$1 dir fresh
  dir="$(jars "$name")"
  [ -d "$dir" ] && return 0
  command -v mvn > /dev/null || die "Maven is missing: infra/native/install.sh installs it on Debian"
  mkdir -p "$JAR_CACHE"
  # Cassandra and Kafka share one local Maven repository, which two processes must not fill at once.
  exec 8> "$JAR_CACHE/lock" && flock 8
  [ -d "$dir" ] && return 0
  say "fetching the jars of $name"
  fresh="$(mktemp -d "$JAR_CACHE/.$name.XXXXXX")"
  mvn -q -B -ntp -f "$NATIVE_DIR/$name/pom.xml" dependency:copy-dependencies -DincludeScope=runtime \
    "-DoutputDirectory=$fresh" > "$fresh.log" 2>&1 ||
    { cat "$fresh.log" >&2; rm -rf "$fresh" "$fresh.log"; die "Maven could not fetch $name"; }
  rm -f "$fresh.log"
  chmod 755 "$fresh" && mv -T "$fresh" "$dir"
  exec 8>&-
}
