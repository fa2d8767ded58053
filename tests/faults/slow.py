"""Thousands of slow connections: clients that dawdle with their headers, with a body, with reading an answer, or say nothing at all. Honest
inspectors beside them are served, and soon."""

import asyncio
import multiprocessing
import os
import re
import resource
import socket
import time

from support.load import Load
from support.phone import Browser
from support.proof import prove
from support.world import World

SIZE = (400, 4_000, 4_000)  # connections: in each CI run, by hand before a release, at most in one district
CLIENTS = 4
SECONDS = 20    # longer than a whole request may take, so that each of them is cut off and comes again
LIMIT = 0.5     # seconds at p95 for an honest request, by hand; a clock in each CI run would test the machine
PAUSE = 1.0     # seconds between two bytes of a dawdler
ASKED = 20      # times that one asks for the style sheet who does not read: more than systems keep on the way


def test(run, check, postgres, connections):
    wanted = connections + 500
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard != resource.RLIM_INFINITY and hard < wanted:
        run.tell(f"NOT RUN: {connections} connections need {wanted} open files, and this machine allows {hard} (ulimit -Hn)")
        return
    # The program is started with the usual thousand, and has to ask for more by itself.
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(1024, hard), hard))
    try:
        with World(run, "slow", postgres, phones=CLIENTS) as world:
            dawdled(run, check, world, connections)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def dawdled(run, check, world, connections):
    counts = multiprocessing.Array("i", 1 + len(SLOW))  # open now; of each kind those that the program cut off
    crowd = multiprocessing.Process(target=dawdle, args=(world.server.port, connections, counts), daemon=True)
    crowd.start()
    try:
        until = time.monotonic() + 60
        while counts[0] < connections and time.monotonic() < until:
            time.sleep(0.1)
        check(f"{connections} slow connections stand at once", counts[0] >= connections * 0.95, counts[0])
        files = 0
        load = Load(world, CLIENTS)
        times = watched(world)
        load.begin()
        end = time.monotonic() + SECONDS
        while time.monotonic() < end:
            # Those that were just cut off are coming again.
            files = max(files, len(os.listdir(f"/proc/{world.server.process.pid}/fd")))
            time.sleep(0.25)
        load.end()
    finally:
        crowd.kill()
        crowd.join()
    check("the program holds the slow ones", files >= connections * 0.9, f"{files} open files at most")
    cut = dict(zip((kind.__name__ for kind in SLOW), counts[1:]))
    check("each kind of them is cut off in time", min(cut.values()) >= connections // len(SLOW) * 0.75, cut)
    check("no honest request is refused or cut", not load.refused and not load.in_doubt(), (load.refused[:3], len(load.in_doubt())))
    times.sort()
    p95 = times[int(len(times) * 0.95)] if times else float("inf")
    check("honest requests are answered", len(times) > 20, len(times))
    if run.release:
        check(f"p95 of an honest request is below {LIMIT} s", p95 < LIMIT, f"{p95:.3f} s")
    prove(check, world, load)
    run.tell(f"{connections} slow connections, cut off {cut}; {len(load.sent)} filings beside them, {len(times)} requests, p95 {p95 * 1000:.0f} ms")


def watched(world):
    """The seconds of each request of the honest phones, from now on."""
    times = []

    def timed(request):
        def asked(*args, **more):
            begun = time.monotonic()
            answer = request(*args, **more)
            times.append(time.monotonic() - begun)
            return answer
        return asked

    for phone in world.phones:
        twin = phone.twin

        def another(twin=twin):
            tab = twin()
            tab.request = timed(tab.request)
            return tab
        phone.twin = another
    return times


def dawdle(port, connections, counts):
    """Holds so many slow connections in a process of its own; one that was cut off comes again."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    home = Browser(f"http://127.0.0.1:{port}").get("/").body.decode()
    STYLES.append(re.search(r"/static/app-\w+\.css", home).group().encode())

    async def all_of_them():
        await asyncio.gather(*(one(kind) for kind in range(connections)))

    async def one(number):
        kind = number % len(SLOW)
        while True:
            try:
                reader, writer = await connected(port)
            except OSError:
                await asyncio.sleep(PAUSE)
                continue
            counts[0] += 1
            try:
                await SLOW[kind](reader, writer, port)
            except OSError:
                pass
            counts[0] -= 1
            counts[1 + kind] += 1
            writer.close()

    asyncio.run(all_of_them())


async def connected(port):
    """A connection of somebody who takes in little at a time."""
    sock = socket.socket()
    sock.setblocking(False)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    try:
        await asyncio.get_running_loop().sock_connect(sock, ("127.0.0.1", port))
        return await asyncio.open_connection(sock=sock, limit=1024)
    except OSError:
        sock.close()
        raise


async def until_cut(reader, writer, begin, more=b""):
    """Sends the beginning, then bit by bit, until the other end has had enough."""
    writer.write(begin)
    ended = asyncio.create_task(reader.read(-1))
    while not ended.done():
        writer.write(more)
        await asyncio.wait([ended], timeout=PAUSE)
    ended.result()


async def headers(reader, writer, port):
    await until_cut(reader, writer, b"GET / HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nX-Slow: " % port, b"a")


async def body(reader, writer, port):
    head = b"POST /console/sign-in HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 60000\r\n\r\n"
    await until_cut(reader, writer, head % port + b"email=", b"a")


async def silent(reader, writer, _port):
    await until_cut(reader, writer, b"")


async def deaf(reader, writer, port):
    """Asks for much, and reads nothing of it: it sees that it was cut off by what it can no longer send."""
    writer.transport.pause_reading()
    writer.write(b"GET %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % (STYLES[0], port) * ASKED)
    while not writer.transport.is_closing():
        await asyncio.sleep(PAUSE)
        writer.write(b"\r\n")


STYLES = []  # the address of the style sheet, the largest thing that anybody may ask for
SLOW = [headers, body, silent, deaf]
