"""Killed at each step between "accepted" and "mailed": at the first system call of a filing's conversation, at the second, and so on to the last.

The same for many mails that are gathered into one. After each kill: what was acknowledged is there, what was not is there whole or not at all; after
the next start it is sent again by the phone, and every mail arrives, once, or again only with the same Message-ID and bytes."""

import shutil
import subprocess
import time
from collections import Counter

from mails import WAITING, repeated
from support.load import Load, Sent
from support.phone import Cut, fields, review
from support.proof import halves, lost, prove
from support.smtp import STAGES, Chaos
from support.store import number
from support.trace import DISK, NO_CACHE, ONE_WORKER, SOCKETS, Steps, Trace
from support.world import World

# What the mail server has been sent and not answered yet.
UNANSWERED = {("answer", stage): f"mail: {stage}, unanswered" for stage in STAGES if stage != "content"}
MAILING = {"mail: a connection", "mail: EHLO", "mail: MAIL", "mail: RCPT", "mail: DATA", "mail: its content"}
# The steps at which it must have been killed.
FILING = {
    (False, DISK): {f"{at}: the log is {done}" for at in ("filing", "before the mail", "before the mail is noted") for done in ("written", "synced")},
    (False, SOCKETS): {"the receipt is sent", *MAILING},
    # A filing is one statement that begins with its submission: its text is sent, and then its values.
    (True, SOCKETS): {"the receipt is sent", "mail: a connection", "filing: INSERT INTO submissions", "before the mail: UPDATE mails",
                      "before the mail is noted: UPDATE mails"},
}
GATHERING = {
    (False, DISK): {f"{at}: the log is {done}" for at in ("gathering", "before the mail is noted") for done in ("written", "synced")},
    (False, SOCKETS): MAILING,
    (True, SOCKETS): {"gathering: UPDATE mails", "gathering: INSERT INTO mails", "gathering: UPDATE alerts", "gathering: COMMIT",
                      "before the mail is noted: UPDATE mails"},
}
GATHERED = 24  # more than 20 are gathered
FAR = "2099-01-01T00:00:00+00:00"


def test(run, check, postgres):
    if not shutil.which("strace"):
        run.tell("NOT RUN: kills at each step; strace is missing (apt-get install strace)")
        return
    with World(run, "points", postgres, phones=2, enterprises=1_000, supervisors=1) as world:
        points = Points(run, check, world, postgres)
        try:
            points.all()
        finally:
            points.chaos.close()


class Points:
    def __init__(self, run, check, world, postgres):
        self.run, self.check, self.world, self.postgres = run, check, world, postgres
        self.load, self.chaos, self.ambiguous = Load(world), Chaos("points"), set()
        self.env = {"MASHANG_SMTP_URL": f"smtp://127.0.0.1:{self.chaos.port}", **ONE_WORKER}
        if postgres:
            self.env["MASHANG_DATABASE_URL"] = world.store.url + NO_CACHE
        self.bad, self.stored, self.doubtful = [], 0, 0

    def all(self):
        self.world.server.terminate()
        self.world.phones[0].close()
        self.world.server.start(self.env)
        for calls in (SOCKETS,) if self.postgres else (DISK, SOCKETS):
            self.sweep("filing", calls, FILING[self.postgres, calls], self.a_filing)
        for calls in (SOCKETS,) if self.postgres else (DISK, SOCKETS):
            self.sweep("gathering", calls, GATHERING[self.postgres, calls], self.a_gathering)
        self.check("killed at no step, anything was lost, halved or sent without reason", not self.bad, self.bad[:3])
        self.judge()

    def sweep(self, begin, calls, wanted, conversation):
        """One conversation is only watched, to know its calls; then it is killed at them, one after the other."""
        steps = {at: step for at, step in conversation(begin, calls, None)[1]}
        places = {step: [at for at, named in steps.items() if named == step] for step in sorted(set(steps.values()))}
        dice, chosen = self.world.dice, [at for at in steps if self.run.release]
        if not chosen:
            chosen = dice.sample(list(steps), min(self.run.counts or 8, len(steps)))
        if begin == "filing" and calls == SOCKETS:
            chosen += UNANSWERED
            wanted = wanted | set(UNANSWERED.values())
        killed = Counter()
        for at in chosen:
            killed[conversation(begin, calls, at)[0]] += 1
            if len(self.bad) > 3:
                return
        for step in sorted(wanted - set(killed)):
            self.aim(step, places, killed, lambda at: conversation(begin, calls, at))
        unkilled = killed.pop(None, 0)
        self.check(f"{begin}: killed at each step by name", wanted <= set(killed), f"not at {sorted(wanted - set(killed))}, but at {sorted(killed)}")
        what = "disk" if calls == DISK else "sockets"
        self.run.tell(f"{begin}: {len(steps)} calls to {what}, {killed.total()} kills at {len(killed)} steps by name, {unkilled} times it ended before")

    def aim(self, step, places, killed, conversation):
        """Until it was killed at this step. What the jobs do between moves the numbers, by two or by ninety: every number that the step has had in a
        conversation is as good as the others, and those beside it."""
        here = list(places.get(step, []))
        for _ in range(40):
            if step in killed or not here or len(self.bad) > 3:
                return
            name, count = self.world.dice.choice(here)
            hit, seen = conversation((name, max(1, count + self.world.dice.choice([0, 0, 0, -2, 2]))))
            killed[hit] += 1
            here += [place for place, named in seen if named == step]

    def traced(self, begin, calls, at, act, done):
        """Acts until it is done or killed; gives the step at which it was killed, and all steps of the thread that made the most calls."""
        server = self.world.server
        if at in UNANSWERED:
            return self.struck(begin, at, act), []
        trace = Trace(server, self.world.folder, at)
        try:
            act()
            end = time.monotonic() + 30
            while not Trace.over(server.process) and not done():
                if time.monotonic() > end:
                    self.bad.append(f"{begin}, {at}: neither done nor killed")
                    break
                time.sleep(0.1)
        finally:
            trace.close()
        steps = Steps(begin, server.port, self.chaos.port)
        named = [(thread, (name, count), steps.name(call)) for thread, name, count, call in trace.calls()]
        counted = [(thread, place, step) for thread, place, step in named if place[0] in calls.split(",")]
        busiest = Counter(thread for thread, *_ in counted).most_common(1)
        mine = [(place, step) for thread, place, step in counted if thread == busiest[0][0]]
        found = [step for _, place, step in named if place == at]
        killed = bool(found) or Trace.over(server.process)
        if killed and (server.process.wait(timeout=5) != -9 or not found):
            self.bad.append(f"{begin}, {at}: ended by itself: {server.log_end(3)}")
        return (found[0] if killed and found else None), mine

    def struck(self, begin, at, act):
        """Killed by the hand of the mail server, between what it was sent and its answer."""
        server = self.world.server
        self.chaos.strike = (at[1], server.kill)
        act()
        try:
            server.process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self.bad.append(f"{begin}, {at}: not killed")
            return None
        return UNANSWERED[at]

    def rise(self):
        """What lies there after a kill is looked at; then the next start, the minutes of leases cut short."""
        store = self.world.store
        self.bad += [f"{found} {name}" for name, found in halves(store).items() if found]
        self.bad += [f"lost {sent.filing}" for sent in lost(store, self.load.acknowledged())]
        noted = {row[0] for row in store.rows("SELECT message_id FROM mails WHERE state = 'sent'")}
        self.ambiguous |= {taken.message_id for taken in list(self.chaos.taken)} - noted
        store.rows("UPDATE mails SET leased_until = NULL")
        store.rows("DELETE FROM leases")
        self.world.phones[0].close()
        self.world.server.start(self.env)

    def fresh(self):
        """Started anew, so that the jobs, which look every two seconds, come between at about the same places each time."""
        for phone in self.world.phones:
            phone.close()
        self.world.server.terminate()
        self.world.server.start(self.env)
        time.sleep(0.5)

    def count(self, where):
        return number(self.world.store, f"SELECT COUNT(*) FROM mails WHERE {where}")

    def mailed(self):
        """Until no mail waits; started again, since the outbox is looked at then, and otherwise every two seconds."""
        if self.count(WAITING):
            self.world.phones[0].close()
            self.world.server.terminate()
            self.world.server.start(self.env)
        end = time.monotonic() + 30
        while self.count(WAITING) and time.monotonic() < end:
            time.sleep(0.05)
        if self.count(WAITING):
            self.bad.append(f"{self.count(WAITING)} mails wait for ever")

    def a_filing(self, begin, calls, place):
        self.fresh()
        phone, sign = self.world.phones[0], self.world.signs[len(self.load.sent)]
        sent = Sent(phone.twin(), sign, review(phone, sign, fields(self.world.matter, self.load.day)))
        self.load.sent.append(sent)

        def post():
            try:
                sent.post(phone)
            except Cut:
                pass

        at, steps = self.traced(begin, calls, place, post, lambda: self.count(WAITING) == 0)
        if self.world.server.process.poll() is None:
            if not sent.filing:
                self.bad.append(f"{place}: neither killed nor taken")
            return at, steps
        if at == "the receipt is sent" and sent.filing:
            self.bad.append("it was killed only after the receipt had been sent")
        stored = number(self.world.store, f"SELECT COUNT(*) FROM submissions WHERE key = '{sent.submission}'")
        self.rise()
        if not sent.filing:
            self.stored += stored
            self.doubtful += 1
            if sent.post(phone).status != 303:
                self.bad.append(f"killed at {at}: sent again and not taken")
        self.mailed()
        return at, steps

    def a_gathering(self, begin, calls, place):
        """Mails that were sent are made to be of three days ago and not taken yet; they are gathered into one."""
        store = self.world.store
        while self.count("state <> 'gathered'") < GATHERED:
            self.load.one(self.world.phones[0])
        self.mailed()
        self.fresh()
        before = self.count("state IS NOT NULL")
        gathered = self.count("state = 'gathered'")
        chosen = "', '".join(row[0] for row in store.rows(
            f"SELECT message_id FROM mails WHERE state = 'sent' AND kind = 'violation_alert' ORDER BY created_at DESC LIMIT {GATHERED}"))
        back = store.days_back("created_at", 3)

        def wait_for_days():
            store.rows(f"UPDATE mails SET state = 'retry', sent_at = NULL, created_at = {back}, next_attempt_at = '{FAR}' WHERE message_id IN ('{chosen}')")

        def state():
            return self.count("state IS NOT NULL") - before, self.count("state = 'gathered'") - gathered

        at, steps = self.traced(begin, calls, place, wait_for_days, lambda: self.count(WAITING) == 0)
        if self.world.server.process.poll() is not None:
            found = state()
            if found not in ((0, 0), (1, GATHERED)):
                self.bad.append(f"killed at {at}: gathered by halves: {found}")
            self.rise()
            self.mailed()
        if state() != (1, GATHERED):
            self.bad.append(f"{begin}, {place}: not gathered once: {state()}")
        return at, steps

    def judge(self):
        prove(self.check, self.world, self.load)
        self.world.server.command("audit", "verify")
        taken = list(self.chaos.taken)
        rows = dict(self.world.store.rows("SELECT message_id, state FROM mails"))
        arrived = {one.message_id for one in taken}
        self.check("every mail is sent or gathered", set(rows.values()) <= {"sent", "gathered"}, Counter(rows.values()))
        missing = [message for message, state in rows.items() if state == "sent" and message not in arrived]
        self.check("each mail arrived at least once", not missing, len(missing))
        self.check("no mail without a row in the outbox", not arrived - set(rows), len(arrived - set(rows)))
        unjust, twice = repeated(taken, self.ambiguous)
        self.check("twice only when the sender was killed before it was noted, with the same bytes", not unjust, unjust[:3])
        self.check("some were, so that this was tried", twice > 0, twice)
        self.check("of the filings in doubt some were stored and some not", 0 < self.stored < self.doubtful, (self.stored, self.doubtful))
        self.run.tell(f"{len(self.load.sent)} filings, {self.doubtful} in doubt, of which {self.stored} were stored whole; {len(rows)} mails, {twice} taken again")
