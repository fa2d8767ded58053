#!/bin/sh
# Sends requests made up from the OpenAPI document to a server of its own, with an agency's and with a supervisor's token, and fails on a
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

out=$(mktemp -d)
binary=${MASHANG_FUZZ_SERVER:-$(cargo test --test it --no-run --message-format=json 2>/dev/null |
    sed -n 's/.*"executable":"\([^"]*\/it-[^"]*\)".*/\1/p' | tail -n 1)}
export MASHANG_FUZZ_OUT="$out/server.json"
"$binary" --ignored --exact api::fuzz_server::serve_for_fuzzing >"$out/server.log" 2>&1 &
server=$!
trap 'kill "$server" 2>/dev/null || true; rm -rf "$out"' EXIT
tries=0
until [ -s "$MASHANG_FUZZ_OUT" ]; do
    tries=$((tries + 1))
    if [ "$tries" -gt 300 ] || ! kill -0 "$server" 2>/dev/null; then
        cat "$out/server.log" >&2
        echo "the server did not start" >&2
        exit 1
    fi
    sleep 0.1
done
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
