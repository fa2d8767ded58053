#!/usr/bin/env python3
"""Who files on SQLite while something long is done: benches/beside.py BINARY copy [GIB], or benches/beside.py BINARY import [ROWS]

copy: a made-up district whose file is filled up to a size (3 GiB if none is told), served with a folder for backups, so that the first one is
due at once; eight phones file for 45 seconds meanwhile. import: so many enterprises (20,000 if no number is told) are taken over by the command
line, then the same file again, then each of them with another name; four phones file meanwhile, and eight seconds more. Told are the filings,
those that were not accepted, and the slowest. TMPDIR names the disk.
"""

import csv
import os
import sqlite3
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "faults"))

from support.load import Load  # noqa: E402
from support.world import World, credit_code  # noqa: E402

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


class Timed(Load):
    """A load that notes how long each filing took, and those that were not accepted."""

    def __init__(self, world, clients):
        super().__init__(world, clients)
        self.times, self.not_accepted = [], []

    def one(self, browser):
        begun = time.monotonic()
        answer = super().one(browser)
        self.times.append(time.monotonic() - begun)
        if answer is None or answer.status != 303:
            self.not_accepted.append(answer)
        return answer

    def told(self, since=(0, 0)):
        """What there was since these numbers of filings and of refusals."""
        times, refused = sorted(self.times[since[0] :]), len(self.not_accepted) - since[1]
        return f"{len(times)} filings, {refused} refused, median {times[len(times) // 2]:.2f} s, slowest {times[-1]:.2f} s"


def beside_copy(world, work, gib):
    world.server.terminate()
    fill(world.store.path, int(gib * (1 << 30)))
    folder = os.path.join(work, "copies")
    os.mkdir(folder)
    world.server.start({"MASHANG_BACKUP_FOLDER": folder})
    load = Timed(world, 8)
    load.begin()
    time.sleep(45)
    load.end()
    made = [os.path.getsize(os.path.join(folder, name)) for name in os.listdir(folder) if name.endswith(".backup")]
    print(f"a file of {gib:.1f} GiB; of its backup {sum(made) >> 20} MiB were written when the phones stopped")
    print(load.told())


def beside_import(world, work, rows):
    load = Timed(world, 4)
    load.begin()
    for what, name in (("new", "新企业"), ("the same", "新企业"), ("each changed", "老企业")):
        path = os.path.join(work, "enterprises.csv")
        with open(path, "w", encoding="utf-8", newline="") as file:
            lines = [[f"{name}{number}", credit_code(10_000_000 + number)] for number in range(rows)]
            csv.writer(file).writerows([["企业名称", "统一社会信用代码"], *lines])
        before, begun = (len(load.times), len(load.not_accepted)), time.monotonic()
        world.server.command("import", "enterprises", path)
        taken = time.monotonic() - begun
        time.sleep(8)
        print(f"{rows} enterprises, {what}: {taken:.1f} s; {load.told(before)}", flush=True)
    load.end()


def main():
    binary, what = sys.argv[1:3]
    size = sys.argv[3] if len(sys.argv) > 3 else None
    with tempfile.TemporaryDirectory(prefix="mashang-beside.") as work, World(Run(binary, work), what, False, phones=8) as world:
        if what == "copy":
            beside_copy(world, work, float(size or 3))
        elif what == "import":
            beside_import(world, work, int(size or 20_000))
        else:
            sys.exit(__doc__)


main()
