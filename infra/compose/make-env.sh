#!/usr/bin/env bash
# Writes infra/.env, where compose.yaml finds the passwords and what an operator may choose. Leaves one that is there alone.
set -euo pipefail
file="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)/.env"
[ ! -e "$file" ] || { echo "$file is there already."; exit 0; }

secret() { head -c 33 /dev/urandom | base64 | tr '+/' '-_'; }

umask 077
cat > "$file" << END
SESSION_SECRET=$(secret)
ASSET_LINK_SECRET=$(secret)
S3_ROOT_SECRET=$(secret)
S3_SECRET_ACCESS_KEY=$(secret)
MARIADB_ROOT_PASSWORD=$(secret)
MARIADB_PASSWORD=$(secret)
MARIADB_REPLICATION_PASSWORD=$(secret)
KAFKA_CLUSTER_ID=A$(head -c 16 /dev/urandom | base64 | tr '+/' '-_' | cut -c 2-22)

# Where nginx listens; 0.0.0.0 is every network: put TLS in front first, and set PUBLIC_URL.
HOST=127.0.0.1
PORT=8080
#PUBLIC_URL=https://chat.example.org
#SIGN_UP=invite
#HANDLERS=3
END
echo "Wrote $file. It holds passwords: only you can read it."
