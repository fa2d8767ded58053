"""The power fails under load: of what was not synced, some pages reached the disk and others did not. SQLite only."""

import os
import time

from mails import WAITING, repeated
from support.load import Load
from support.power import Disk
from support.proof import halves, lost, prove
from support.smtp import Chaos
from support.store import number
from support.world import World

SIZE = (20, 200, 20)  # power cuts: in each CI run, by hand before a release, at most in one district
CLIENTS = 8


def test(run, check, postgres, times):
    if postgres:
        run.tell("does not apply: what PostgreSQL syncs is counted (`sync`)")
        return
    folder = os.path.join(run.work, "power")
    os.makedirs(folder)
    disk = Disk(folder, run.seed)
    if not disk.on():
        run.tell(f"NOT RUN: power cuts; the file system cannot be mounted here (needs root, /dev/fuse, and python3-fusepy): {disk.why}")
        return
    try:
        cuts(run, check, disk, times)
    finally:
        disk.off()
    folder = os.path.join(run.work, "deaf")
    os.makedirs(folder)
    disk = Disk(folder, run.seed, deaf=True)
    try:
        check("a disk that hears no sync is mounted", disk.on(), disk.why)
        a_disk_that_lies(run, check, disk)
    finally:
        disk.off()


def cut(world, disk, load):
    """The disk answers no more, then the program ends with its machine; both are there again."""
    disk.cut()
    world.server.kill()
    load.end()
    disk.off()
    if not disk.on():
        raise RuntimeError(f"not mounted again: {disk.why}")


def cuts(run, check, disk, times):
    with World(run, "power", False, data=disk.mountpoint) as world:
        load, chaos, ambiguous = Load(world, CLIENTS), Chaos("power"), set()
        try:
            env = {"MASHANG_SMTP_URL": f"smtp://127.0.0.1:{chaos.port}"}
            restart(world, env)
            # What an administrator did before the first filing is older than half a minute.
            disk.settle()
            doubtful, bad, checked = 0, [], 0
            for turn in range(times):
                load.begin()
                time.sleep(world.dice.uniform(0.2, 0.8))
                cut(world, disk, load)
                noted = {row[0] for row in world.store.rows("SELECT message_id FROM mails WHERE state = 'sent'")}
                ambiguous |= {taken.message_id for taken in list(chaos.taken)} - noted
                if not world.store.sound():
                    bad.append(f"cut {turn + 1}: the database is not sound")
                fresh, checked = load.sent[checked:], len(load.sent)
                gone = lost(world.store, [sent for sent in fresh if sent.filing])
                if gone:
                    bad.append(f"cut {turn + 1}: {len(gone)} lost")
                bad += [f"cut {turn + 1}: {found} {name}" for name, found in halves(world.store).items() if found]
                world.store.rows("UPDATE mails SET leased_until = NULL")
                world.server.start(env)
                doubtful += load.send_doubtful_again()
            check(f"{times} power cuts lose nothing, leave no halves and a sound database", not bad, bad[:3])
            prove(check, world, load)
            world.server.command("audit", "verify")
            end = time.monotonic() + 60 + len(load.sent) // 5
            while number(world.store, f"SELECT COUNT(*) FROM mails WHERE {WAITING}") and time.monotonic() < end:
                time.sleep(0.5)
            rows = dict(world.store.rows("SELECT message_id, state FROM mails"))
            arrived = {one.message_id for one in chaos.taken}
            check("every mail is sent", set(rows.values()) == {"sent"} and set(rows) <= arrived, len(set(rows) - arrived))
            check("no mail without a row in the outbox", not arrived - set(rows), len(arrived - set(rows)))
            unjust, twice = repeated(chaos.taken, ambiguous)
            check("twice only when the power failed before it was noted, with the same bytes", not unjust, unjust[:3])
            run.tell(f"{times} power cuts, {len(load.sent)} filings, {doubtful} in doubt and sent again, {len(rows)} mails, {twice} taken again")
        finally:
            chaos.close()


def restart(world, env):
    for phone in world.phones:
        phone.close()
    world.server.terminate()
    world.server.start(env)


def a_disk_that_lies(run, check, disk):
    """The same on a disk that says of every sync that it was done, and does nothing: the proof must see what is lost then."""
    with World(run, "deaf", False, phones=4, enterprises=40, data=disk.mountpoint) as world:
        load = Load(world, 4)
        disk.settle()
        load.begin()
        time.sleep(1.0)
        cut(world, disk, load)
        try:
            gone = len(lost(world.store, load.acknowledged()))
        except Exception as error:  # it may be so broken that it cannot be read
            gone = f"the database cannot be read ({error})"
        check("seen: on a disk that lies filings are lost", gone, "not seen")
        run.tell(f"a disk that lies: of {len(load.acknowledged())} acknowledged filings lost: {gone}")
