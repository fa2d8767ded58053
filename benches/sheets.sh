#!/usr/bin/env bash
# Speed and memory of 10,000 A6 cards, beside reportlab (Python) drawing the same cards in the same run. Wants target/release/mashang (or MASHANG_BIN),
# python3 with venv, GNU time. The program decodes and compares every code before it hands them out; reportlab only draws.
#
#   benches/sheets.sh            10,000 cards
#   benches/sheets.sh 1000       fewer, for a quick look
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

count="${1:-10000}"
program="${MASHANG_BIN:-target/release/mashang}"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
export MASHANG_DATA="$work/data" MASHANG_PUBLIC_URL=https://bb.qinghe.gov.cn MASHANG_DISTRICT=清河区 MASHANG_HOTLINE=0512-12345678

python3 -m venv "$work/python"
"$work/python/bin/pip" install --quiet 'reportlab==4.*' 'segno==1.*' 'brotli==1.*'
"$work/python/bin/python" benches/sheets.py enterprises "$count" > "$work/enterprises.csv"
"$program" import enterprises "$work/enterprises.csv"

measure() {
    local name="$1"
    shift
    /usr/bin/time -f "$name: %e s, %M KB of memory, %U s of processor" "$@"
}
measure 'mashang sheet' "$program" sheet --kind a6_card --out "$work/mashang.pdf"
measure 'reportlab' "$work/python/bin/python" benches/sheets.py cards "$work/enterprises.csv" "$work/reportlab.pdf"
for file in mashang reportlab; do
    printf '%s.pdf: %s bytes\n' "$file" "$(stat -c %s "$work/$file.pdf")"
done
