# shellcheck shell=bash
# The life of a background process: started detached, known by its pid file, stopped by its own signal. Sourced.
# Each service has the folder $CLUSTER_DIR/NAME with `pid` and `log/`.

say() { echo "cluster: $*" >&2; }
die() { say "$*"; exit 1; }

log_dir() { echo "$CLUSTER_DIR/$1/log"; }

# What a process is, beyond its number: pids are used again, within a boot (start time) and after one (boot id).
identity() {
  local stat
  stat="$(cat "/proc/$1/stat" 2>/dev/null)" || return 1
  # The second field is the command in parentheses and may hold spaces; the start time is the twentieth after it.
  # shellcheck disable=SC2086
  set -- "$1" ${stat##*) }
  [ "$2" != Z ] && echo "$1 ${21} $(cat /proc/sys/kernel/random/boot_id)"
}

# alive NAME: whether the process that we started runs. A stranger with its number doesn't count.
alive() {
  local recorded
  recorded="$(cat "$CLUSTER_DIR/$1/pid" 2>/dev/null)" && [ -n "$recorded" ] &&
    [ "$(identity "${recorded%% *}")" = "$recorded" ]
}

pid_of() { cut -d' ' -f1 "$CLUSTER_DIR/$1/pid"; }

# spawn NAME COMMAND...: in a session of its own, so that it outlives this shell; its output goes to log/out.log.
# Descriptor 9 is the lock of this script, which a daemon must not inherit.
spawn() {
  local name=$1 dir="$CLUSTER_DIR/$1"
  shift
  mkdir -p "$dir/log"
  (cd "$dir" && exec setsid "$@" < /dev/null >> "$dir/log/out.log" 2>&1 9>&-) &
  # One that has died already has no identity; whoever waits for it will say so.
  identity $! > "$dir/pid.new" || true
  mv "$dir/pid.new" "$dir/pid"
}

# stop SIGNAL SECONDS NAME...: the signal to all, then KILL to what is left after so many seconds.
stop() {
  local signal=$1 seconds=$2 name any
  shift 2
  for name in "$@"; do alive "$name" && kill -s "$signal" "$(pid_of "$name")" 2>/dev/null; done
  local end=$((SECONDS + seconds))
  while [ $SECONDS -lt $end ]; do
    any=
    for name in "$@"; do alive "$name" && any=1; done
    [ -z "$any" ] && break
    sleep 0.1
  done
  for name in "$@"; do
    if alive "$name"; then
      say "$name did not end in $seconds s: KILL"
      kill -s KILL "$(pid_of "$name")"
      while alive "$name"; do sleep 0.1; done
    fi
    rm -f "$CLUSTER_DIR/$name/pid"
  done
}

# until_ready NAME COMMAND...: asks until the command succeeds; gives up when the process died or the time is over.
until_ready() {
  local name=$1 end=$((SECONDS + BOOT_TIMEOUT)) answer
  shift
  until answer="$("$@" 2>&1)"; do
    alive "$name" || { show_end "$name"; die "$name died while it started; the end of its log is above"; }
    [ $SECONDS -lt $end ] ||
      { show_end "$name"; die "$name is not ready after $BOOT_TIMEOUT s (${answer:-no answer}); the end of its log is above"; }
    sleep 0.2
  done
}

# ask KIND HOST PORT [NODES]: one question in the service's own protocol.
ask() { "$NODE_BINARY" "$NATIVE_DIR/ready/ready.mjs" "$@"; }

show_end() { tail -n 25 "$(log_dir "$1")"/*.log >&2 2>/dev/null || true; }

show_status() {
  if alive "$1"; then printf '%-20s up    pid %-8s %s\n' "$1" "$(pid_of "$1")" "${2:-}"; else printf '%-20s down\n' "$1"; return 1; fi
}

# A process that was just killed holds its port for a moment longer than its pid: give it 10 s.
need_port() {
  local i
  for ((i = 0; i < 50; i++)); do
    (exec 3<> "/dev/tcp/$1/$2") 2>/dev/null || return 0
    sleep 0.2
  done
  die "$1:$2 is taken by a process that isn't ours"
}

# One command at a time for each service; the kernel drops the lock when the script ends.
lock() {
  exec 9> "$CLUSTER_DIR/$1.lock"
  flock -w 600 9 || die "another command for $1 is running"
}

# wipe NAME...: their data and logs. Refuses while one runs.
wipe() {
  local name
  for name in "$@"; do
    alive "$name" && die "$name is running: take it down first"
    rm -rf "${CLUSTER_DIR:?}/$name"
  done
}

# secret NAME: a password made at its first use, readable by its owner only. Whoever comes second takes the first one's.
# Assign what it prints to a variable, so that a failure ends the script.
secret() {
  local file="$CLUSTER_DIR/secrets/$1" fresh
  if [ ! -s "$file" ]; then
    mkdir -p "$CLUSTER_DIR/secrets" && chmod 700 "$CLUSTER_DIR/secrets"
    fresh="$(mktemp "$file.XXXXXX")"
    head -c 33 /dev/urandom | base64 | tr '+/' '-_' > "$fresh"
    ln "$fresh" "$file" 2> /dev/null || [ -s "$file" ]
    rm "$fresh"
  fi
  cat "$file"
}
