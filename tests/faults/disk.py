"""A full disk, then room again, without a restart: refusals are told, nothing that was acknowledged is lost, writes go on within ten seconds."""

import os
import time

from support.cluster import Cluster
from support.load import Load
from support.phone import Cut
from support.proof import prove
from support.room import FileLimit, Tmpfs
from support.world import World

SIZE = (5, 500, 10)  # cycles: in each CI run, by hand before a release, at most in one district
CLIENTS = 8
LIMIT = 10.0


def test(run, check, postgres, cycles):
    disk = os.path.join(run.work, f"small-{'postgres' if postgres else 'sqlite'}")
    tmpfs = Tmpfs.made(disk, 192 + 25 * cycles)
    if tmpfs is None and postgres:
        run.tell("NOT RUN: a full disk under PostgreSQL; a tmpfs cannot be mounted here (needs root)")
        return
    cluster = None
    try:
        if postgres:
            folder = os.path.join(run.work, "cluster")
            os.makedirs(folder)
            cluster = Cluster(folder, disk)
        elif tmpfs is None:
            run.tell("a tmpfs cannot be mounted here (needs root): every cycle by `ulimit -f`")
        data = disk if tmpfs and not postgres else None
        with World(run, "disk", postgres, data=data, server_url=cluster.url if cluster else None) as world:
            # On SQLite each other cycle by the limit, which also proves that SIGXFSZ kills nobody.
            rooms = [tmpfs] if postgres else [tmpfs or FileLimit, FileLimit]
            disasters(run, check, world, cycles, rooms)
    finally:
        if cluster:
            cluster.close()
        if tmpfs:
            tmpfs.close()


def disasters(run, check, world, cycles, rooms):
    load, slowest, harmless, used = Load(world, CLIENTS), 0.0, [], set()
    for cycle in range(cycles):
        room = rooms[cycle % len(rooms)]
        used.add(room.name)
        load.begin()
        time.sleep(0.3)
        before = len(load.refused)
        room.fill(world.server)
        end = time.monotonic() + 15
        while len(load.refused) < before + 5 and time.monotonic() < end:
            time.sleep(0.05)
        load.end()
        if len(load.refused) < before + 5:
            harmless.append(cycle + 1)
        room.free(world.server)
        slowest = max(slowest, until_filed(load))
        if world.server.process.poll() is not None:
            break
        load.send_doubtful_again()
    check("the server lived through all of it", world.server.process.poll() is None, world.server.log_end())
    check("each time the disk was full, filings were refused", not harmless, f"cycles {harmless}")
    check("a refusal is a server error, told as such", {s for s, _ in load.refused} <= {500, 503}, {s for s, _ in load.refused})
    check(f"writes go on within {LIMIT:.0f} s", slowest <= LIMIT, f"{slowest:.1f} s")
    prove(check, world, load)
    world.server.command("audit", "verify")
    run.tell(f"{cycles} cycles by {' and '.join(sorted(used))}, {len(load.sent)} filings, {len(load.refused)} refused, slowest return {slowest:.2f} s")


def until_filed(load, give_up=30.0):
    """The seconds until a filing is acknowledged again."""
    begun = time.monotonic()
    browser = load.world.phones[0].twin()
    while time.monotonic() - begun < give_up:
        try:
            answer = load.one(browser)
            if answer is not None and answer.status == 303:
                break
        except Cut:
            pass
        time.sleep(0.05)
    browser.close()
    return time.monotonic() - begun
