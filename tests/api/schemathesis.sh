#!/bin/sh
# Sends requests made up from the OpenAPI document to a demonstration of its own, with an agency's and with a supervisor's token, and fails on a
# server error, on an answer that the document does not know or describes otherwise, and on malformed input that is accepted.
#
# Not checked: that whatever the schema allows is accepted. No schema says which ids the registries know; an unknown one is 422.
#
# Usage: tests/api/schemathesis.sh [EXAMPLES]     requests per operation and phase, 30 if left out
set -eu
cd "$(dirname "$0")/../.."
examples=${1:-30}
target=${CARGO_TARGET_DIR:-target}
venv=$target/schemathesis
if [ ! -x "$venv/bin/schemathesis" ]; then
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check schemathesis==4.32.5
fi

mashang=${MASHANG_BIN:-$target/release/mashang}
[ -x "$mashang" ] || { cargo build --release --locked; mashang=$target/release/mashang; }

out=$(mktemp -d)
export MASHANG_FUZZ_OUT="$out/known.json"
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
"$mashang" demo --json --listen "127.0.0.1:$port" >"$out/guide.json" 2>"$out/server.log" &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$out"' EXIT
tries=0
until [ -s "$out/guide.json" ]; do
    tries=$((tries + 1))
    if [ "$tries" -gt 600 ] || ! kill -0 "$server" 2>/dev/null; then
        cat "$out/server.log" >&2
        echo "the server did not start" >&2
        exit 1
    fi
    sleep 0.1
done
python3 tests/api/known.py "$out/guide.json" > "$MASHANG_FUZZ_OUT"
told() {
    python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$MASHANG_FUZZ_OUT" "$1"
}

for token in agency_token supervisor_token; do
    echo "== $token"
    SCHEMATHESIS_HOOKS=tests/api/hooks.py "$venv/bin/schemathesis" run "$(told url)/api/v1/openapi.json" \
        --header "Authorization: Bearer $(told "$token")" \
        --checks all --exclude-checks positive_data_acceptance \
        --phases examples,coverage,fuzzing,stateful --max-examples "$examples" --seed 20260303 \
        --generation-database none --warnings off --no-color
done
