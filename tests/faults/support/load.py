"""Clients that file without pause and remember what was acknowledged, and what they do not know."""

import threading

from .phone import Cut, fields, filing_of, review
from .world import quiet_day


class Sent:
    """One submission: who sent it where, and what was acknowledged."""

    def __init__(self, phone, sign, form):
        self.phone, self.sign, self.form = phone, sign, form
        self.filing = None

    @property
    def submission(self):
        return dict(self.form)["submission"]

    def post(self, browser):
        """Sends it; notes the filing that the answer acknowledges, and gives the answer."""
        answer = browser.post(f"/e/{self.sign}/file", self.form)
        filing = filing_of(answer)
        if filing and self.filing and filing != self.filing:
            raise RuntimeError(f"one submission, two receipts: {self.filing} and {filing}")
        self.filing = filing or self.filing
        return answer


class Load:
    """`clients` threads at a world. Everything that was ever sent is in `sent`."""

    def __init__(self, world, clients=16):
        self.world, self.clients = world, clients
        self.day = quiet_day()
        self.sent, self.refused, self.broken = [], [], []
        self.lock, self.stop, self.threads = threading.Lock(), threading.Event(), []

    def begin(self):
        self.stop.clear()
        self.threads = [threading.Thread(target=self._client, args=(n,), daemon=True) for n in range(self.clients)]
        for thread in self.threads:
            thread.start()

    def end(self):
        """Lets every client finish what it is at."""
        self.stop.set()
        for thread in self.threads:
            thread.join(timeout=60)
            if thread.is_alive():
                self.broken.append("a client hangs")

    def one(self, browser):
        """Fills in, reviews and sends one filing; the answer to it, or None when the review was not shown."""
        sign = self.world.dice.choice(self.world.signs)
        form = review(browser, sign, fields(self.world.matter, self.day))
        if form is None:
            return None
        sent = Sent(browser.twin(), sign, form)
        with self.lock:
            self.sent.append(sent)
        answer = sent.post(browser)
        if answer.status != 303:
            with self.lock:
                self.refused.append((answer.status, sent))
        return answer

    def _client(self, number):
        browser = self.world.phones[number % len(self.world.phones)].twin()
        try:
            while not self.stop.is_set():
                try:
                    answer = self.one(browser)
                    if answer is None or answer.status >= 500:
                        self.stop.wait(0.05)
                except Cut:
                    self.stop.wait(0.02)
        except Exception as error:  # any other end of a client is told, never lost
            self.broken.append(repr(error))
        finally:
            browser.close()

    def acknowledged(self):
        return [sent for sent in self.sent if sent.filing]

    def in_doubt(self):
        return [sent for sent in self.sent if not sent.filing]

    def send_doubtful_again(self):
        """As a person would: the same page sent again. Gives how many were in doubt."""
        doubtful = self.in_doubt()
        for sent in doubtful:
            answer = sent.post(sent.phone)
            sent.phone.close()
            if not sent.filing:
                self.broken.append(f"sent again and not taken: {answer.status} {answer.location}")
        return len(doubtful)
