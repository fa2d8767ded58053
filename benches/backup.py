#!/usr/bin/env python3
"""Who files while the copy of the night is made on SQLite: benches/backup.py BINARY [GIB]

A made-up district whose file is filled up to a size (3 GiB if none is told), served with a folder for backups, so that the first one is due at
once; eight phones file for 45 seconds meanwhile. Told are the filings, those that were not accepted, and the slowest. TMPDIR names the disk.
"""

import os
import sqlite3
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "faults"))

from support.load import Load  # noqa: E402
from support.world import World  # noqa: E402

BLOCK = 16 << 20


class Run:
    """What a district of the faults wants to know of its run."""

    def __init__(self, binary, work):
        self.binary, self.work, self.seed, self.postgres_url = os.path.abspath(binary), work, 1, None


def fill(path, size):
    """Fills the file with a table that nobody reads, and forgets that there was a backup."""
    conn = sqlite3.connect(path)
    conn.execute("CREATE TABLE ballast (block BLOB)")
    for _ in range(size // BLOCK):
        conn.execute("INSERT INTO ballast VALUES (randomblob(?))", (BLOCK,))
        conn.commit()
    conn.execute("DELETE FROM backups")
    conn.commit()
    conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    conn.close()


def main():
    gib = float(sys.argv[2]) if len(sys.argv) > 2 else 3.0
    with tempfile.TemporaryDirectory(prefix="mashang-backup.") as work, World(Run(sys.argv[1], work), "backup", False, phones=8) as world:
        world.server.terminate()
        fill(world.store.path, int(gib * (1 << 30)))
        folder = os.path.join(work, "copies")
        os.mkdir(folder)
        world.server.start({"MASHANG_BACKUP_FOLDER": folder})
        load, times, refused = Load(world, 8), [], []
        send = load.one

        def timed(browser):
            begun = time.monotonic()
            answer = send(browser)
            times.append(time.monotonic() - begun)
            if answer is None or answer.status != 303:
                refused.append(answer)
            return answer

        load.one = timed
        load.begin()
        time.sleep(45)
        load.end()
        made = [os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder) if name.endswith(".backup")]
        times.sort()
        print(f"a file of {gib:.1f} GiB; of its backup {sum(made) >> 20} MiB were written when the phones stopped")
        print(f"{len(times)} filings, {len(refused)} refused, median {times[len(times) // 2]:.2f} s, slowest {times[-1]:.2f} s")


main()
