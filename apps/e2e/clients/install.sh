#!/usr/bin/env bash
# Clients that other people wrote and that real-clients.test.ts sends with, in RATATOSK_CLIENTS (~/.cache/ratatosk-clients):
# they are no dependency of ours, so they stay out of package-lock.json.
set -euo pipefail
folder="${RATATOSK_CLIENTS:-$HOME/.cache/ratatosk-clients}"
mkdir -p "$folder"
cd "$folder"
[ -d node_modules/winston-loki ] ||
  npm install --prefix . --no-save --omit=optional --ignore-scripts --no-audit --no-fund \
    pino@9.14.0 pino-loki@3.0.0 winston@3.19.0 winston-loki@6.1.7
[ -x python/bin/otlp-ready ] || {
  python3 -m venv python &&
    python/bin/pip install -q python-logging-loki==0.3.1 opentelemetry-sdk==1.45.2 opentelemetry-exporter-otlp-proto-http==1.45.2 &&
    ln -sf python3 python/bin/otlp-ready
} || echo "Python's clients are not there: their tests are skipped"
