"""Durable before the receipt: on SQLite the log is synced to the disk between the sending of each filing and its answer."""

import os
import shutil
import subprocess
import time

from support.load import Load
from support.world import World

FILINGS = 20


def test(run, check, postgres):
    if postgres:
        run.tell("does not apply: the syncs are those of the database server's own process")
        return
    if not shutil.which("strace"):
        run.tell("NOT RUN: counted syncs; strace is missing (apt-get install strace)")
        return
    with World(run, "sync", postgres, phones=1, enterprises=FILINGS) as world:
        trace = os.path.join(world.folder, "syncs")
        strace = subprocess.Popen(["strace", "-f", "-qq", "-e", "trace=fsync,fdatasync", "-o", trace, "-p", str(world.server.process.pid)],
                                  stderr=subprocess.PIPE)
        try:
            time.sleep(1.0)
            if strace.poll() is not None:
                run.tell(f"NOT RUN: counted syncs; {strace.stderr.read().decode().strip()}")
                return
            phone, load = world.phones[0], Load(world)
            time.sleep(6.0)  # what the enrolment left to the jobs
            idle = syncs(trace)
            for _ in range(FILINGS):
                phone.get(f"/e/{world.signs[0]}/file")
            looked = syncs(trace) - idle
            check("looking at the form syncs nothing", looked < FILINGS, looked)
            unsynced = 0
            for _ in range(FILINGS):
                before = syncs(trace)
                answer = load.one(phone)
                unsynced += answer is None or answer.status != 303 or syncs(trace) <= before
            check(f"{FILINGS} filings are each synced before their receipt", unsynced == 0, unsynced)
        finally:
            strace.terminate()
            strace.wait()


def syncs(trace):
    """Syncs that have been seen so far."""
    with open(trace, encoding="utf-8", errors="replace") as file:
        return sum("sync(" in line for line in file)
