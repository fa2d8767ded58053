"""Durable before the receipt: the log of the database is synced to the disk between the sending of each filing and its answer, and on PostgreSQL the
program has read that its transaction is over before it sends the receipt."""

import os
import re
import shutil
import subprocess
import time

from support.cluster import Cluster
from support.load import Load
from support.store import Postgres
from support.trace import READS, SOCKETS, Trace
from support.world import World

FILINGS = 20
SENDS = tuple(SOCKETS.split(","))
IDLE = r"Z\0\0\0\5I"  # what PostgreSQL ends each answer with where no transaction is open


def test(run, check, postgres):
    if not shutil.which("strace"):
        run.tell("NOT RUN: counted syncs; strace is missing (apt-get install strace)")
        return
    if not postgres:
        with World(run, "sync", postgres, phones=1, enterprises=FILINGS) as world:
            on_sqlite(run, check, world)
        return
    folder = os.path.join(run.work, "durable")
    os.makedirs(os.path.join(folder, "disk"))
    cluster = Cluster(folder, os.path.join(folder, "disk"), fsync="on")
    try:
        with World(run, "sync", postgres, phones=1, enterprises=FILINGS, server_url=cluster.url) as world:
            on_postgres(run, check, world, cluster)
    finally:
        cluster.close()


class Syncs:
    """What these processes and their children sync to a disk, counted by strace; None where that is not allowed."""

    def __init__(self, run, world, *pids):
        self.trace = os.path.join(world.folder, "syncs")
        open(self.trace, "w", encoding="utf-8").close()
        command = ["strace", "-f", "-qq", "-e", "trace=fsync,fdatasync", "-o", self.trace]
        self.strace = subprocess.Popen([*command, *(f"--attach={pid}" for pid in pids)], stderr=subprocess.PIPE)
        time.sleep(1.0)
        self.works = self.strace.poll() is None
        if not self.works:
            run.tell(f"NOT RUN: counted syncs; {self.strace.stderr.read().decode().strip()}")

    def count(self):
        with open(self.trace, encoding="utf-8", errors="replace") as file:
            return sum("sync(" in line for line in file)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.strace.terminate()
        self.strace.wait()


def unsynced(load, phone, syncs):
    """How many filings were acknowledged, or not, without a sync between."""
    found = 0
    for _ in range(FILINGS):
        before = syncs.count()
        answer = load.one(phone)
        found += answer is None or answer.status != 303 or syncs.count() <= before
    return found


def on_sqlite(run, check, world):
    with Syncs(run, world, world.server.process.pid) as syncs:
        if not syncs.works:
            return
        phone, load = world.phones[0], Load(world)
        time.sleep(6.0)  # what the enrolment left to the jobs
        idle = syncs.count()
        for _ in range(FILINGS):
            phone.get(f"/e/{world.signs[0]}/file")
        looked = syncs.count() - idle
        check("looking at the form syncs nothing", looked < FILINGS, looked)
        found = unsynced(load, phone, syncs)
        check(f"{FILINGS} filings are each synced before their receipt", found == 0, found)


def on_postgres(run, check, world, cluster):
    phone, load = world.phones[0], Load(world)
    for setting in ("fsync", "synchronous_commit", "full_page_writes"):
        found = Postgres.psql(world.store.url, f"SHOW {setting}").strip()
        check(f"the server is durable: {setting}", found == "on", found)
    told = doctor(world)
    check("the program says so", re.search("^OK +database: .*synchronous_commit=on, fsync=on$", told, re.MULTILINE), told)
    answered_before_receipt(check, world, load, phone)
    # No job shall sync between: who looks on writes no mails, and the sums and the chain are done by now.
    time.sleep(6.0)
    with Syncs(run, world, *cluster.processes()) as syncs:
        if not syncs.works:
            return
        found = unsynced(load, phone, syncs)
        check(f"{FILINGS} filings are each synced by the database before their receipt", found == 0, found)
        Postgres.psql(world.store.url, "ALTER SYSTEM SET synchronous_commit = off")
        Postgres.psql(world.store.url, "SELECT pg_reload_conf()")
        time.sleep(1.0)
        found = unsynced(load, phone, syncs)
        check("seen: with synchronous_commit off receipts go out before any sync", found > 0, "not seen")
        run.tell(f"with synchronous_commit off {found} of {FILINGS} receipts went out before any sync, and were seen")
    told = doctor(world)
    check("the program warns of it", re.search("^PROBLEM +database: .*synchronous_commit=off", told, re.MULTILINE), told)


def doctor(world):
    """What `mashang doctor` tells; that there are no backups here is a problem by itself."""
    server = world.server
    return subprocess.run([server.binary, "doctor"], env=server.env, cwd=world.folder, capture_output=True, text=True, timeout=60, check=False).stdout


def answered_before_receipt(check, world, load, phone):
    """In the order of the program's own calls: the filing is sent, PostgreSQL says that no transaction is open any more, the receipt is sent."""
    port = world.store.url.rsplit(":", 1)[1].split("/")[0]
    trace = Trace(world.server, world.folder, calls=f"{SOCKETS},{READS}", length=20_000)
    try:
        for _ in range(FILINGS):
            load.one(phone)
        time.sleep(1.0)  # strace tells of a call after it was done
    finally:
        trace.close()
    writer, committed, receipts, before = "", False, 0, 0
    for *_, call in trace.calls(whole=True):
        socket = call[call.find("<"):call.find("]>")]
        if f"->127.0.0.1:{port}]" in call and call.startswith(SENDS) and "filing.accepted" in call:
            writer, committed = socket, False
        elif socket == writer and not call.startswith(SENDS):
            committed = committed or (IDLE in call and "SERROR" not in call)
        elif f":{world.server.port}->" in call and "303 See Other" in call:
            receipts += 1
            before += committed
    check(f"PostgreSQL had ended the transaction before each of {FILINGS} receipts was sent", receipts == before == FILINGS, (receipts, before))
