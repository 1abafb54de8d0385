#!/usr/bin/env bash
# Runs a command as if on a machine of its own: no process, network, mount or file of it remains, however it ends.
# `/run`, `/var/log` and `/var/lib/docker` are empty there, so a Docker engine finds none beside it. Usage: own-machine.sh COMMAND …
set -uo pipefail

namespaces=(unshare --net --mount --pid --fork --kill-child --mount-proc)
if ! refusal=$("${namespaces[@]}" mount -t tmpfs tmpfs /run 2>&1); then
  echo "!!! NOT RUN: this environment allows no namespaces of our own, which $* needs: $refusal" >&2
  [ "${RATATOSK_REQUIRE_REAL_PARTS:-}" != 1 ]
  exit
fi

disk=$(mktemp -d -t e2e-machine-XXXXXX)
trap 'rm -rf "$disk"' EXIT
trap 'exit 143' INT TERM
mkdir -p "$disk/docker" "$disk/log" /var/lib/docker
"${namespaces[@]}" bash -c '
  ip link set lo up
  mount -t tmpfs tmpfs /run
  mount --bind "$0/docker" /var/lib/docker
  mount --bind "$0/log" /var/log
  "$@"
' "$disk" "$@"
