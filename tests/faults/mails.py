"""SMTP chaos: each mail arrives at least once; twice only with the same Message-ID and bytes, and only after an ambiguous cut."""

import os
import ssl
import subprocess
import time
from collections import Counter

from support.load import Load
from support.smtp import STAGES, Chaos
from support.store import number
from support.world import World

SIZE = (500, 200_000, 2_000)  # mails: in each CI run, by hand before a release, at most in one district
SUPERVISORS = 5
WAITING = "state IN ('pending', 'retry')"


def test(run, check, postgres, mails):
    with World(run, "mails", postgres, phones=4, enterprises=max(400, mails // 20), supervisors=SUPERVISORS) as world:
        Mails(run, check, world, mails).all()


class Mails:
    def __init__(self, run, check, world, mails):
        self.run, self.check, self.world, self.mails = run, check, world, mails
        self.load = Load(world)
        self.chaos = Chaos(f"{run.seed} mails")
        self.url = f"smtp://127.0.0.1:{self.chaos.port}"
        self.chaos.refused = {world.supervisors[-1]}
        self.ambiguous = set()   # Message-IDs whose sender was killed before it could note what became of them

    def all(self):
        try:
            self.restart(self.url)
            self.storm()
            self.bad_certificate()
            self.days_down()
            self.judge()
        finally:
            self.chaos.close()

    def restart(self, url, **more):
        """Kills the server and starts it again with this mail server. The time until leases end is cut short."""
        world = self.world
        for phone in world.phones:
            phone.close()
        world.server.kill()
        noted = {row[0] for row in world.store.rows("SELECT message_id FROM mails WHERE state = 'sent'")}
        self.ambiguous |= {taken.message_id for taken in list(self.chaos.taken)} - noted
        world.store.rows("UPDATE mails SET leased_until = NULL")
        world.server.start({"MASHANG_SMTP_URL": url, **more})

    def file(self, wanted):
        """Files, at another enterprise each time, until this many mails have been written in all."""
        while number(self.world.store, "SELECT COUNT(*) FROM mails") < wanted:
            for phone in self.world.phones:
                self.load.one(phone)

    def time_passes(self):
        """The minutes until the next try are cut short."""
        self.world.store.rows("UPDATE mails SET next_attempt_at = created_at WHERE state = 'retry'")

    def until(self, holds, seconds, hurry=True):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if holds():
                return True
            if hurry:
                self.time_passes()
            time.sleep(0.5)
        return False

    def count(self, where):
        return number(self.world.store, f"SELECT COUNT(*) FROM mails WHERE {where}")

    def storm(self):
        """Half of the conversations go wrong, one hangs, and the sender is killed three times."""
        self.chaos.share, self.chaos.hang = 0.5, 1
        self.file(self.mails // 2)
        for _ in range(3):
            time.sleep(1.5)
            self.time_passes()
            self.restart(self.url)
        self.file(self.mails)
        self.until(lambda: self.count(WAITING) < self.mails // 10, 120 + self.mails // 4)
        self.chaos.share = 0.0
        done = self.until(lambda: self.count(WAITING) == 0, 120)
        self.check("the storm over, nothing waits", done, self.count(WAITING))
        kinds = Counter(kind for (kind, _), times in self.chaos.faults.items() for _ in range(times))
        cuts = {stage for kind, stage in self.chaos.faults if kind == "cut"}
        self.check("it was cut at each stage, delayed, and told 4xx", cuts == set(STAGES) and len(kinds) == 4, (cuts, kinds))
        self.run.tell(f"{self.count('state IS NOT NULL')} mails through {dict(kinds)}")

    def bad_certificate(self):
        """A server with a certificate that nobody vouches for gets nothing; with the right one the mails go out."""
        cert, key = (os.path.join(self.world.folder, name) for name in ("cert.pem", "key.pem"))
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
                        "subjectAltName=DNS:localhost", "-addext", "basicConstraints=critical,CA:FALSE", "-keyout", key, "-out", cert],
                       check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        other = Chaos("certificate", tls=context)
        other.refused = self.chaos.refused
        try:
            url = f"smtps://localhost:{other.port}"
            self.restart(url)
            self.file(number(self.world.store, "SELECT COUNT(*) FROM mails") + 1)
            tried = self.until(lambda: self.count("state = 'pending'") == 0, 30, hurry=False)
            self.check("a bad certificate: every mail is kept for a later try", tried and self.count("state = 'retry'") > 0, self.count(WAITING))
            self.check("a bad certificate: nothing is handed over", not other.taken, len(other.taken))
            self.restart(url, MASHANG_SMTP_CA=cert)
            done = self.until(lambda: self.count(WAITING) == 0, 30)
            self.check("the certificate vouched for: the mails go out over TLS", done and other.taken, self.count(WAITING))
            self.chaos.taken += other.taken
        finally:
            other.close()

    def days_down(self):
        """No server for three days: one digest for each reader in place of the many mails."""
        self.restart(self.url)
        port = self.chaos.port
        self.chaos.close()
        before = self.count("state IS NOT NULL")
        self.file(before + 30 * SUPERVISORS)
        held = self.count("state IS NOT NULL") - before
        self.until(lambda: self.count("state = 'pending'") == 0, 60, hurry=False)
        self.check("no mail server: every mail waits", self.count("state = 'retry'") == held, self.count("state = 'retry'"))
        back = self.world.store.days_back("created_at", 3)
        self.world.store.rows(f"UPDATE mails SET created_at = {back} WHERE state = 'retry'")
        gathered = self.until(lambda: self.count("state = 'gathered'") == held, 30, hurry=False)
        self.check("days down: the many mails are gathered", gathered, self.count("state = 'gathered'"))
        taken = self.chaos.taken
        self.chaos = Chaos("up again", port=port)
        self.chaos.taken, self.chaos.refused = taken, {self.world.supervisors[-1]}
        begun = len(taken)
        done = self.until(lambda: self.count(WAITING) == 0, 30)
        self.check("up again: nothing waits", done, self.count(WAITING))
        readers = Counter(one.recipient for one in taken[begun:])
        self.check("up again: one digest for each reader", readers == Counter(self.world.supervisors[:-1]), readers)

    def judge(self):
        taken = self.chaos.taken
        rows = self.world.store.rows("SELECT message_id, recipient, state FROM mails")
        self.check("every mail is sent, gathered, or stuck for the one who is refused",
                   all(state in ("sent", "gathered") or (state == "stuck" and to in self.chaos.refused) for _, to, state in rows),
                   Counter(state for _, _, state in rows))
        self.check("the refused one's mails are stuck, and seen", self.count("state = 'stuck'") > 0, 0)
        arrived = {one.message_id for one in taken}
        missing = [message for message, _, state in rows if state == "sent" and message not in arrived]
        self.check("each mail arrived at least once", not missing, len(missing))
        strange = arrived - {message for message, _, _ in rows}
        self.check("no mail without a row in the outbox", not strange, len(strange))
        unjust, twice = repeated(taken, self.ambiguous)
        self.check("twice only after an ambiguous cut, with the same bytes", not unjust, unjust[:3])
        self.check("some cuts were ambiguous, so that this was tried", twice > 0, twice)
        alone = number(self.world.store, """
            SELECT COUNT(*) FROM alerts a WHERE a.state = 'mailed' AND NOT EXISTS (
                SELECT 1 FROM mails m WHERE m.id = a.mail_id AND m.state IN ('sent', 'stuck'))""")
        self.check("every alert reached its mail", alone == 0, alone)
        self.run.tell(f"{len(rows)} mails, {len(taken)} taken, {twice} more than once")


def repeated(taken, ambiguous):
    """Of the mails that were taken more than once those that should not have been, and how many there are in all."""
    copies = {}
    for one in taken:
        copies.setdefault(one.message_id, []).append(one)
    twice = {message: found for message, found in copies.items() if len(found) > 1}
    # The sender may know of one copy only, unless it was killed before it could note what it knew; and all are the same mail.
    unjust = [
        message for message, found in twice.items()
        if (sum(one.told for one in found) > 1 and message not in ambiguous) or len({(one.recipient, one.content) for one in found}) > 1
    ]
    return unjust, len(twice)
