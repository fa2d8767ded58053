#!/usr/bin/env bash
# Sizes that have a limit: pages as a phone gets them (compressed, with style and script), the binary, and memory at rest.
# Usage: benches/sizes.sh     with MASHANG_BIN=…, or after `cargo build --release`
set -euo pipefail
cd "$(dirname "$0")/.."
binary="${MASHANG_BIN:-${CARGO_TARGET_DIR:-target}/release/mashang}"
work="$(mktemp -d)"
trap 'kill "$server" 2> /dev/null || true; rm -rf "$work"' EXIT
"$binary" demo --json --listen 127.0.0.1:0 --data "$work/data" > "$work/guide" &
server=$!
until [ -s "$work/guide" ]; do sleep 0.1; done
told() { sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" "$work/guide"; }
site="$(told url)"
enterprise="$(told enterprise_url)"
invite="$(told enrol_url)"

# page NAME LIMIT_KB URL: the page and each file that it names, compressed.
page() {
    local name="$1" limit="$2" url="$3" total bytes file
    total="$(curl -sS --cookie "$work/cookies" -H 'Accept-Encoding: gzip' "$url" | tee "$work/page.gz" | wc -c)"
    gunzip -c "$work/page.gz" > "$work/page.html" 2> /dev/null || cp "$work/page.gz" "$work/page.html"
    for file in $(grep -o '/static/[^"]*' "$work/page.html" | sort -u); do
        bytes="$(curl -sS -H 'Accept-Encoding: gzip' "$site$file" | wc -c)"
        total=$((total + bytes))
    done
    printf '%-40s %8.1f KB   at most %s KB\n' "$name" "$(awk "BEGIN { print $total / 1000 }")" "$limit"
}

curl -sS -o /dev/null --cookie-jar "$work/cookies" -H "Origin: $site" --data 'pin=246813&pin_again=246813' "$invite"
page 'landing page with style and script' 30 "$enterprise"
page 'filing form with style and script' 60 "$enterprise/file"
grep -q 'name="planned_start"' "$work/page.html" || { echo 'that was not the filing form' >&2; exit 1; }
printf '%-40s %8.1f MB   at most 40 MB\n' 'release binary' "$(awk "BEGIN { print $(stat -c %s "$binary") / 1000000 }")"
rest() { printf '%-40s %8.1f MB   %s\n' "$1" "$(awk '/^VmRSS/ { print $2 / 1000 }' "/proc/$server/status")" "$2"; }
sleep 3
rest 'memory of the demonstration' 'the made-up year passed through it'
kill "$server"
wait "$server" || true
# The same district in a server as it is in production.
"$binary" serve --data "$work/data" --listen "${site#http://}" --public-url "$site" > "$work/serve" 2>&1 &
server=$!
until curl -sSf -o /dev/null "$site/readyz" 2> /dev/null; do sleep 0.1; done
for _ in $(seq 100); do curl -sS -o /dev/null "$enterprise"; done
curl -sS -o /dev/null -H "Origin: $site" --data "email=supervisor@demo.example&password=demo-supervisor" "$site/console/sign-in"
sleep 3
rest 'memory of a server at rest' 'at most 80 MB'
