#!/usr/bin/env bash
# Prints what happens to the outlets the moment it does, one event a line: push with nothing but curl.
#
#   KONEKSI_URL=http://localhost:3000 KONEKSI_KEY=kon_… ./subscribe.sh
#
# Socket.IO over long polling. Each session begins with a snapshot; what happened between two sessions is only in there.
# For every change once and in order take @koneksi/client.
set -euo pipefail
at="${KONEKSI_URL:-http://localhost:3000}/socket.io/?EIO=4&transport=polling"

# By standard input, since everybody on this machine may read the arguments of a process.
say() { printf '%s' "$1" | curl -sSf -o /dev/null -H 'Content-Type: text/plain' --data-binary @- "$at&sid=$sid"; }

session() {
  sid=$(curl -sSf "$at" | sed -E 's/.*"sid":"([^"]+)".*/\1/') || return
  say "40{\"token\":\"$KONEKSI_KEY\"}" || return
  while packets=$(curl -sSf "$at&sid=$sid"); do
    while IFS= read -r packet; do
      case $packet in
        2) say 3 || return ;;
        42*) printf '%s\n' "${packet#42}" ;;
        44*) echo "refused: ${packet#44}" >&2 && return ;;
      esac
    done < <(printf '%s\n' "$packets" | tr '\036' '\n')
  done
}

while true; do
  session || true
  sleep 1
done
