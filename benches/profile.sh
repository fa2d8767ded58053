#!/usr/bin/env bash
# Where the server's processor time goes while it takes filings, and while it shows landing pages: `cargo bench --bench load` with perf beside it.
# Wants perf (Debian's linux-perf), python3, and the right to look into processes. Builds the program once more with its names in it.
#
#   MASHANG_BENCH_FILINGS=100000 benches/profile.sh
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

export CARGO_TARGET_DIR="${CARGO_TARGET_DIR:-$PWD/target}/profile" CARGO_PROFILE_RELEASE_STRIP=none CARGO_PROFILE_RELEASE_DEBUG=line-tables-only
export CARGO_PROFILE_RELEASE_LTO=off CARGO_PROFILE_BENCH_LTO=off
work="$(mktemp -d)"
trap 'kill %1 2> /dev/null || true; rm -rf "$work"' EXIT
cargo bench --bench load --no-run
export MASHANG_BIN="$CARGO_TARGET_DIR/release/mashang"
cargo bench --bench load > "$work/printed" &

# watch WORDS SECONDS DELAY WHAT: records for so long, so many seconds after the words were printed.
watch() {
    local server
    until grep -q "$1" "$work/printed"; do
        sleep 0.2
        kill -0 %1 2> /dev/null || { cat "$work/printed"; exit 1; }
    done
    sleep "$3"
    server="$(pgrep -n -f "^$MASHANG_BIN serve")"
    perf record -F 199 --call-graph dwarf,60000 -p "$server" -o "$work/data" -- sleep "$2" > /dev/null 2>&1
    printf '== %s\n' "$4"
    perf script -i "$work/data" --no-inline -F ip,sym 2> /dev/null | python3 benches/profile.py
}

# In each round the smallest server is first: a recording of two rounds has both halves, and of those the program's only.
watch 'memory at rest' 8 7 'filings'
watch 'memory: .* at most (at' 6 1 'landing pages'
wait %1
cat "$work/printed"
