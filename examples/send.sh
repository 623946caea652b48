#!/usr/bin/env bash
# Sends one message and waits for what becomes of it:
#
#   KONEKSI_KEY=kon_… ./send.sh order-1042 '{"outletId":"…","phone":"0812…","text":"Pesanan Anda siap diambil"}'
#
# The first argument is the Idempotency-Key: with the same one, and the same message, nothing is ever sent twice, however
# often this is run. So curl may try again by itself.
set -euo pipefail
api="${KONEKSI_URL:-http://localhost:3000}/api"

call() {
  curl -sS --fail-with-body --retry 5 --retry-connrefused \
    -H @<(printf 'Authorization: Bearer %s' "$KONEKSI_KEY") -H 'Accept-Language: en' "$@"
}

accepted=$(call "$api/messages" -H "Idempotency-Key: $1" -H 'Content-Type: application/json' -d "$2") ||
  { echo "$accepted" >&2; exit 1; }
id=$(sed -E 's/.*"id":"([^"]+)".*/\1/' <<<"$accepted")
until [[ ${message:-} =~ \"status\":\"(delivered|read|failed|skipped|unknown)\" ]]; do
  sleep 0.5
  message=$(call "$api/messages/$id")
done
echo "$message"
