#!/usr/bin/env bash
# Builds the image: deploy/build.sh [NAME], ratatosk:latest unless told otherwise. BASE_IMAGE names another base.
# Makes the keys of MinIO where there are none yet. Needs Docker and the installed checkout, no network beyond the base image.
set -euo pipefail
cd "$(dirname "$0")/.."
name=${1:-ratatosk:latest}

mkdir -p deploy/secrets
for secret in minio_user minio_password; do
  file=deploy/secrets/$secret
  [ -s "$file" ] || (umask 022; od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$file")
done

[ -d node_modules/zod ] || node tools/install.mjs
[ -f apps/explore/dist/page/index.html ] || npm run --silent build --workspace=@ratatosk/explore >/dev/null
docker build --quiet --tag "$name" --file deploy/Dockerfile \
  ${BASE_IMAGE:+--build-arg "BASE_IMAGE=$BASE_IMAGE"} \
  --build-arg "REVISION=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)" .
