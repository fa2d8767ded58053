#!/usr/bin/env bash
# Drives the main job in headless Chromium, on a demonstration of its own. MASHANG_BIN is the program to test; tests/run sets it.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
target="${CARGO_TARGET_DIR:-$here/../../target}"
export MASHANG_BIN="${MASHANG_BIN:-$target/release/mashang}"
modules="$target/browser"
mkdir -p "$modules"
if ! cmp -s "$here/package-lock.json" "$modules/installed.json"; then
    cp "$here/package.json" "$here/package-lock.json" "$modules/"
    (cd "$modules" && npm ci --ignore-scripts --no-audit --no-fund)
    cp "$here/package-lock.json" "$modules/installed.json"
fi
MASHANG_MODULES="$(cd "$modules" && pwd)" exec node "$here/main.mjs" "$@"
