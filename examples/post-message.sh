#!/usr/bin/env bash
# Sends a message as a bot: post-message.sh <username> <text>. TIDINGS_URL: the server. TIDINGS_KEY: a key from Settings → Developer.
set -euo pipefail
[ $# -eq 2 ] || { echo "usage: post-message.sh <username> <text>" >&2; exit 2; }
: "${TIDINGS_URL:?the address of the server}" "${TIDINGS_KEY:?a key from Settings → Developer}"

json() { node -p 'JSON.stringify({ username: process.argv[1], message_text: process.argv[2] })' "$1" "$2"; }

# The same for each try of this message: curl may try again, and it is sent once.
once="$(node -p 'crypto.randomUUID()')"
json "$1" "$2" | curl --fail-with-body --silent --show-error --retry 5 --retry-connrefused \
  -H "Authorization: Bearer $TIDINGS_KEY" -H 'Content-Type: application/json' -H "Idempotency-Key: $once" \
  --data-binary @- "$TIDINGS_URL/api/v1/messages"
echo
