#!/usr/bin/env bash
# Runs a command in a network of its own whose loopback loses packets at random, LOSS of them (0.05). Usage: lossy-network.sh COMMAND …
set -uo pipefail

unshare --net bash -c '
  ip link set lo up
  iptables -A INPUT -i lo -m statistic --mode random --probability "$0" -j DROP || exit
  "$@"
  code=$?
  iptables -L INPUT -n -v | awk "/DROP/ { print \$1 \" packets were lost\" }"
  exit $code
' "${LOSS:-0.05}" "$@"
