#!/usr/bin/env python3
"""Draws what `cargo bench --bench load` printed: `benches/plot.py docs/measured/load-*.txt > docs/load.svg`.

Each file is the output of one run. Its name says the database, its first line how many filings were stored. A group of bars a run: requests a
second of the program, and of the smallest server in the same run. Nothing but the standard library is needed.
"""

import re
import sys

KINDS = ["filings", "landing of an enterprise", "form of a filing"]
WIDTH, ROW, LEFT, RIGHT = 760, 22, 250, 190
COLOURS = {"program": "#1f5fa8", "smallest": "#b8c4d0"}


def read(path):
    """The run of one file: (database, stored, {kind: (a second, p99, a second of the smallest server)}), which is on the line before."""
    text = open(path, encoding="utf-8").read()
    stored = int(re.search(r"^(\d+) filings stored", text, re.M).group(1))
    lines = re.findall(r"^(.+?): (\d+)/s, .*?p99 ([\d.]+\S+?) ", text, re.M)
    found = {what: (int(rate), p99, int(smallest)) for (_, smallest, _), (what, rate, p99) in zip(lines, lines[1:]) if what in KINDS}
    database = "PostgreSQL" if "postgres" in path else "SQLite"
    return database, stored, found


def bar(y, rate, most, colour, words):
    length = (WIDTH - LEFT - RIGHT) * rate / most
    return (
        f'<rect x="{LEFT}" y="{y}" width="{length:.1f}" height="{ROW - 6}" fill="{colour}"/>'
        f'<text x="{LEFT + length + 6:.1f}" y="{y + ROW - 10}">{words}</text>'
    )


def draw(runs):
    parts, y = [], 10
    for kind in KINDS:
        parts.append(f'<text x="10" y="{y + 16}" font-weight="bold">{kind}, a second</text>')
        y += 26
        measured = [(database, stored, found) for database, stored, found in runs if kind in found]
        most = max((max(found[kind][0], found[kind][2]) for _, _, found in measured), default=1)
        for database, stored, found in measured:
            parts.append(f'<text x="{LEFT - 8}" y="{y + ROW - 10}" text-anchor="end">{database}, {stored:,} stored</text>')
            rate, p99, smallest = found[kind]
            parts.append(bar(y, rate, most, COLOURS["program"], f"{rate:,} (p99 {p99})"))
            parts.append(bar(y + ROW, smallest, most, COLOURS["smallest"], f"{smallest:,} the smallest server"))
            y += 2 * ROW + 6
        y += 10
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {y}" width="{WIDTH}" height="{y}" font-family="sans-serif" font-size="13">'
    return "\n".join([head, f'<rect width="{WIDTH}" height="{y}" fill="#fff"/>', *parts, "</svg>\n"])


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.stdout.write(draw(sorted((read(path) for path in sys.argv[1:]), key=lambda run: (run[0] != "SQLite", run[1]))))
