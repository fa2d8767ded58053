#!/usr/bin/env python3
"""Sums up stacks that `perf script -F ip,sym` prints, by what the program does: the share of samples in which a function is on the stack."""

import re
import sys

# What is told, and by which functions it is known. A line counts what those below it count as well.
LINES = [
    ("the action of a filing", r"file_inspection::receive"),
    ("- reading the enterprise's dossier", r"assess_dossier::load"),
    ("- judging it", r"domain::rules::assess$"),
    ("- storing what was found", r"assess_dossier::store_finding"),
    ("- telling supervisors", r"alert_supervisors::alert_supervisors"),
    ("- storing the filing with its indexes", r"filings::insert"),
    ("- reading it again for the receipt", r"storage::filings::get"),
    ("BEGIN and COMMIT, shared", r"shared::Held::run|shared::Shared::(begin|commit)"),
    ("the landing page", r"views::code::enterprise::get"),
    ("- the filings of the day", r"filings::on_day"),
    ("- writing the page", r"respond::html"),
    ("HTTP: reading and writing", r"h1::conn::Conn.*(poll_read|poll_flush)|h1::io::Buffered"),
    ("jobs: sums, chain, mails, deadlines", r"mashang::jobs::"),
    ("SQLite, wherever it is called", r"^sqlite3_step$"),
    ("allocating and freeing memory, itself", None),
]
MEMORY = re.compile(r"^(_int_malloc|_int_free.*|malloc|cfree.*|unlink_chunk.*|malloc_consolidate|realloc|calloc|_int_realloc|__libc_calloc)$")


def stacks(lines):
    stack = []
    for line in lines:
        line = line.strip()
        if line:
            stack.append(re.sub(r"::h[0-9a-f]{16}$", "", line.split(" ", 1)[-1]))
        elif stack:
            yield stack
            stack = []
    if stack:
        yield stack


def main():
    counts, total = [0] * len(LINES), 0
    patterns = [pattern and re.compile(pattern) for _, pattern in LINES]
    for stack in stacks(sys.stdin):
        total += 1
        for at, pattern in enumerate(patterns):
            found = MEMORY.match(stack[0]) if pattern is None else any(pattern.search(name) for name in stack)
            counts[at] += bool(found)
    print(f"{total} samples")
    for (words, _), count in zip(LINES, counts):
        if count:
            print(f"{100 * count / total:5.1f} %  {words}")


if __name__ == "__main__":
    main()
