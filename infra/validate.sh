#!/usr/bin/env bash
# Compares what can't be run everywhere with its schemas: the compose files with Compose's own loader, the Kubernetes manifests,
# built by Kustomize, with Kubernetes' own schemas. Needs Go and Python, and fetches the tools once.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
tools="${XDG_CACHE_HOME:-$HOME/.cache}/tidings/tools"
compose=github.com/compose-spec/compose-go/v2/cmd@v2.9.1
kustomize=sigs.k8s.io/kustomize/kustomize/v5@v5.6.0
schemas=kubernetes-validate==1.37.0
# The oldest that has all that we use, and the newest that the schemas know.
versions=(1.30 1.37)

fetch() {
  mkdir -p "$tools"
  [ -x "$tools/compose" ] || { GOBIN="$tools" CGO_ENABLED=0 go install "$compose" && mv "$tools/cmd" "$tools/compose"; }
  [ -x "$tools/kustomize" ] || GOBIN="$tools" CGO_ENABLED=0 go install "$kustomize"
  [ -x "$tools/python/bin/kubernetes-validate" ] ||
    { python3 -m venv "$tools/python" && "$tools/python/bin/pip" install -q "$schemas"; }
}

check_compose() {
  "$tools/compose" -no-interpolation "$here/compose.yaml" > /dev/null
  "$tools/compose" -no-interpolation "$here/compose.yaml" "$here/compose.engines.yaml" > /dev/null
  echo "ok   compose"
}

check_kubernetes() {
  local built version
  built="$(mktemp --suffix=.yaml)"
  # shellcheck disable=SC2064
  trap "rm -f $built" EXIT
  "$tools/kustomize" build "$here/kubernetes/example" > "$built"
  for version in "${versions[@]}"; do
    "$tools/python/bin/kubernetes-validate" --quiet --strict -k "$version" "$built"
    echo "ok   kubernetes $version"
  done
}

fetch
check_compose
check_kubernetes
