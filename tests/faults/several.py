"""Three servers over one PostgreSQL behind a proxy: servers are killed at random under load, and the database fails over to its replica."""

import os
import threading
import time
from collections import Counter

from mails import WAITING, repeated
from support import witness
from support.forward import Forwarder
from support.load import Load
from support.pair import Pair
from support.phone import Browser, Cut
from support.proof import lost, prove
from support.server import Server
from support.smtp import Chaos
from support.store import Postgres, number
from support.world import World

SIZE = (10, 100, 10)  # kills, with one failover to each part: in each CI run, by hand before a release, at most in one district
CLIENTS = 8
LIMIT = 15.0   # seconds from the failover until filings are taken again
SWEPT = 100    # enterprises that nobody visits: whose deadlines pass again and again
PAGE = "/console/dashboard"
ROUNDS = 3     # of mails that wait for too long, to be gathered once
GATHERED = 24  # mails of one reader that wait for too long; more than 20 are gathered


def test(run, check, postgres, kills):
    if not postgres:
        run.tell("does not apply: a second server over one SQLite file is refused (`once`)")
        return
    with Standing(run, "several") as pair, World(run, "several", postgres, server_url=pair.url) as world:
        several = Several(run, check, world, pair, kills)
        try:
            several.all()
        finally:
            several.close()
    with Standing(run, "behind", synchronous=False) as pair, World(run, "behind", postgres, phones=4, enterprises=40, server_url=pair.url) as world:
        a_replica_behind(run, check, world, pair)


class Standing:
    """A pair that is closed whatever happens."""

    def __init__(self, run, name, **options):
        folder = os.path.join(run.work, f"pair-{name}")
        os.makedirs(folder)
        self.pair = Pair(folder, **options)

    def __enter__(self):
        return self.pair

    def __exit__(self, *_):
        self.pair.close()


def a_replica_behind(run, check, world, pair):
    """The same failover to a replica for which no commit waits does lose filings, and the proof says so."""
    load = Load(world, 4)
    load.begin()
    time.sleep(0.5)
    pair.cut_line()
    time.sleep(1.0)
    pair.kill_primary()
    pair.promote()
    load.end()
    gone = len(lost(world.store, load.acknowledged()))
    check("seen: filings that were acknowledged before a failover to a replica that lags are lost", gone > 0, "not seen")
    run.tell(f"a replica for which no commit waits: {gone} of {len(load.acknowledged())} acknowledged filings lost, and seen")


class Several:
    def __init__(self, run, check, world, pair, kills):
        self.run, self.check, self.world, self.pair, self.kills = run, check, world, pair, kills
        self.chaos, self.ambiguous = Chaos("several"), set()
        self.servers, self.turned_away, self.opened = [world.server], [], 0
        self.victims = self.each_in_turn()
        for n in (2, 3):
            self.servers.append(Server(run.binary, world.folder))
            self.servers[-1].log = os.path.join(world.folder, f"server{n}.log")
        self.proxy = Forwarder([server.port for server in self.servers])
        self.url = f"http://127.0.0.1:{self.proxy.port}"
        self.load, self.console = Load(world, CLIENTS), None
        self.done = threading.Event()

    def all(self):
        self.begin()
        self.gathered_once()
        passing = threading.Thread(target=self.deadlines_pass, daemon=True)
        passing.start()
        self.load.begin()
        for turn in range(self.kills):
            if turn == self.kills // 2:
                self.fail_over()
            self.kill_one()
            self.still_signed_in()
        self.load.end()
        self.done.set()
        passing.join()
        doubtful = self.load.send_doubtful_again()
        refused = Counter(status for status, _ in self.load.refused)
        self.check("refusals are server errors, told as such", set(refused) <= {500, 502, 503}, refused)
        self.deliver()
        prove(self.check, self.world, self.load)
        self.everywhere_signed_in()
        self.one_at_a_time()
        self.world.server.command("audit", "verify")
        self.run.tell(f"{self.kills} kills, one failover, {len(self.load.sent)} filings, {doubtful} in doubt and sent again, refused {dict(refused)}")

    def begin(self):
        """Each server as a database user of its own, all under the address of the proxy, which the phones know."""
        store = self.world.store
        self.world.server.terminate()
        store.rows(witness.SQL)
        for n, server in enumerate(self.servers, 1):
            Postgres.psql(self.pair.url, f"CREATE ROLE server{n} LOGIN SUPERUSER")
            server.user = f"server{n}"
            server.env |= {"MASHANG_PUBLIC_URL": self.url, "MASHANG_SMTP_URL": f"smtp://127.0.0.1:{self.chaos.port}",
                           "MASHANG_DATABASE_URL": store.url.replace("mashang@", f"server{n}@")}
            server.start()
        for phone in self.world.phones:
            phone.close()
            phone.url = self.url
        self.signs = self.world.signs
        self.world.signs = self.signs[SWEPT:]
        self.console = Browser(self.url)
        self.console.get("/console/sign-in")
        answer = self.console.post("/console/sign-in", {"email": self.world.supervisors[0], "password": "Only-for-faults-4711", "next": "/console"})
        self.check("a supervisor signs in", answer.status == 303, answer.status)

    def gathered_once(self):
        """Mails that waited for days are due for all three servers at once; one of them makes one mail for each reader."""
        store, readers = self.world.store, self.world.supervisors
        browser = self.world.phones[0].twin()
        for turn in range(ROUNDS):
            self.chaos.share, self.chaos.kinds = 1.0, ["later"]
            while number(store, "SELECT COUNT(*) FROM mails WHERE state IN ('pending', 'retry')") < GATHERED * len(readers):
                self.load.one(browser)
            self.until("SELECT COUNT(*) FROM mails WHERE state = 'pending'")
            self.chaos.share = 0.0
            before = number(store, "SELECT COUNT(*) FROM mails")
            back = store.days_back("created_at", 3)
            # The servers do not find them one by one, and not before all are there.
            store.rows(f"UPDATE mails SET created_at = {back}, next_attempt_at = now() + INTERVAL '1 hour' WHERE state = 'retry'")
            self.until("SELECT COUNT(*) FROM mails WHERE state IN ('pending', 'retry')")
            made = number(store, "SELECT COUNT(*) FROM mails") - before
            self.check(f"round {turn + 1}: one mail for each reader in place of the many", made == len(readers), f"{made} for {len(readers)}")
        browser.close()

    def until(self, none, seconds=30):
        end = time.monotonic() + seconds
        while number(self.world.store, none) and time.monotonic() < end:
            time.sleep(0.1)
        self.check("what is due is done", number(self.world.store, none) == 0, none)

    def deadlines_pass(self):
        """Deadlines of enterprises that nobody visits pass all the time, for whichever server holds the lease."""
        chosen = ", ".join(f"'{sign}'" for sign in self.signs[:SWEPT])
        while not self.done.wait(0.2):
            try:
                self.world.store.rows(f"""UPDATE enterprises SET next_change_at = '{witness.MARK}'
                    WHERE id IN (SELECT unit_id FROM signs WHERE token IN ({chosen})) AND next_change_at IS NULL""")
            except RuntimeError:
                pass  # the database is failing over

    def taken_not_noted(self):
        noted = {row[0] for row in self.world.store.rows("SELECT message_id FROM mails WHERE state = 'sent'")}
        return {taken.message_id for taken in list(self.chaos.taken)} - noted

    def each_in_turn(self):
        """Servers to be killed, at random, but each before one is killed again: whichever sweeps has to hand on."""
        while True:
            yield from self.world.dice.sample(self.servers, len(self.servers))

    def kill_one(self):
        time.sleep(self.world.dice.uniform(0.2, 1.0))
        server = next(self.victims)
        server.kill()
        unsure = self.taken_not_noted()
        self.bury(server)
        server.start()
        # What another server was at has been noted by now.
        self.ambiguous |= unsure & self.taken_not_noted()

    def bury(self, server):
        """Waits until the database has let go of what the killed one was at, and cuts short the minutes of its leases."""
        store, end = self.world.store, time.monotonic() + 20
        while number(store, f"SELECT COUNT(*) FROM pg_stat_activity WHERE usename = '{server.user}'") and time.monotonic() < end:
            time.sleep(0.02)
        notes = witness.noted(store)
        for lease in {note[3] for note in notes}:
            who, holder = witness.holder_of(notes, lease)
            if who == server.user:
                # Its own alone: one that it had given back may be another's by now, who is alive and at work.
                store.rows(f"UPDATE leases SET leased_until = now() WHERE name = '{lease}' AND holder = '{holder}' AND leased_until > now()")

    def still_signed_in(self):
        """The page of somebody who signed in before; a server that has just gone may not answer, but nobody is asked to sign in again."""
        try:
            page = self.console.get(PAGE)
        except Cut:
            return
        self.opened += page.status == 200
        if page.status not in (200, 500, 502, 503):
            self.turned_away.append(f"{page.status} {page.location}")

    def fail_over(self):
        """The line to the replica is cut, the primary killed a moment later, the replica promoted; the servers are left as they are."""
        self.pair.cut_line()
        time.sleep(0.5)
        before = len(self.load.acknowledged())
        time.sleep(0.5)
        self.check("nothing is acknowledged that the replica does not have", len(self.load.acknowledged()) == before, len(self.load.acknowledged()) - before)
        self.pair.kill_primary()
        time.sleep(1.0)
        before = len(self.load.acknowledged())
        begun = time.monotonic()
        self.pair.promote()
        while len(self.load.acknowledged()) < before + 5 and time.monotonic() - begun < 60:
            time.sleep(0.05)
        seconds = time.monotonic() - begun
        self.check(f"filings are taken again within {LIMIT:.0f} s of the failover, no server started again", seconds <= LIMIT, f"{seconds:.1f} s")
        unsure = self.taken_not_noted()
        time.sleep(0.5)
        self.ambiguous |= unsure & self.taken_not_noted()
        self.run.tell(f"the database failed over; filings were taken again after {seconds:.2f} s")

    def deliver(self):
        """All stopped, so that no living sender loses its lease when those of the killed are cut short; then every mail goes out."""
        statuses = {server.terminate()[0] for server in self.servers}
        self.check("each server ends by SIGTERM with 0", statuses == {0}, statuses)
        self.ambiguous |= self.taken_not_noted()
        store = self.world.store
        store.rows("UPDATE mails SET leased_until = NULL, next_attempt_at = created_at WHERE state IN ('pending', 'retry')")
        for server in self.servers:
            server.start()
        waiting = f"SELECT COUNT(*) FROM mails WHERE {WAITING}"
        self.until(waiting, 60 + len(self.load.sent) // 10)
        taken = list(self.chaos.taken)
        rows = dict(store.rows("SELECT message_id, state FROM mails"))
        arrived = {one.message_id for one in taken}
        missing = [message for message, state in rows.items() if state == "sent" and message not in arrived]
        self.check("each mail arrived at least once", not missing, len(missing))
        self.check("every mail is sent, or gathered", set(rows.values()) <= {"sent", "gathered"}, Counter(rows.values()))
        self.check("no mail without a row in the outbox", not arrived - set(rows), len(arrived - set(rows)))
        unjust, twice = repeated(taken, self.ambiguous)
        self.check("twice only when the sender could not note it, with the same bytes", not unjust, unjust[:3])
        self.run.tell(f"{len(rows)} mails, {len(taken)} taken, {twice} more than once, {len(self.ambiguous)} could not be noted")

    def everywhere_signed_in(self):
        self.check("nobody who had signed in was asked to again", not self.turned_away and self.opened > 0, (self.turned_away[:3], self.opened))
        for server in self.servers:
            self.console.close()
            self.proxy.switch([server.port])
            page = self.console.get(PAGE)
            self.check(f"a session from before all of it is good at {server.user}", page.status == 200, f"{page.status} {page.location}")
        self.proxy.switch([server.port for server in self.servers])

    def one_at_a_time(self):
        notes = witness.noted(self.world.store)
        wrongs = witness.wrongs(notes)
        self.check("work for one at a time is done by who holds its lease, which nobody takes before its end", not wrongs, wrongs[:3])
        done = Counter((lease, who) for _, who, what, lease, *_ in notes if what == "work")
        workers = {who for lease, who in done if lease == "deadlines"}
        self.check("more than one server came to sweep", len(workers) > 1, done)
        self.run.tell(f"done under a lease: {', '.join(f'{lease} {count} by {who}' for (lease, who), count in sorted(done.items()))}")

    def close(self):
        self.done.set()
        for server in self.servers:
            server.end()
        self.proxy.close()
        self.chaos.close()
