"""A mail server that misbehaves as it is told: cuts, refuses, dawdles. It keeps what it took and whether the sender can know that."""

import random
import socketserver
import ssl
import threading
import time

STAGES = ["greeting", "hello", "sender", "recipient", "data", "content", "taken"]


class Taken:
    """A mail that was taken; `told` when the answer 250 left in full before anything was cut."""

    def __init__(self, message_id, recipient, content, told):
        self.message_id, self.recipient, self.content, self.told = message_id, recipient, content, told


class Chaos(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, seed, port=0, tls=None):
        super().__init__(("127.0.0.1", port), Conversation)
        self.dice, self.tls = random.Random(seed), tls
        self.taken, self.faults, self.lock = [], {}, threading.Lock()
        self.share = 0.0         # of conversations that go wrong
        self.kinds = ["cut", "cut", "cut", "later", "later", "slow"]
        self.hang = 0            # how many conversations are to hang for longer than the sender waits
        self.refused = set()     # recipients that are told 550
        self.strike = ("", None)  # a stage, and what is done once when it is reached, before it is answered
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def port(self):
        return self.server_address[1]

    def plan(self):
        """What is to go wrong in this conversation: a kind and a stage."""
        with self.lock:
            if self.hang:
                self.hang -= 1
                plan = ("hang", "data")
            elif self.dice.random() < self.share:
                kind = self.dice.choice(self.kinds)
                stages = STAGES if kind == "cut" else STAGES[:6]
                plan = (kind, self.dice.choice(stages))
            else:
                return ("", "")
            self.faults[plan] = self.faults.get(plan, 0) + 1
            return plan

    def keep(self, message_id, recipient, content, told):
        with self.lock:
            self.taken.append(Taken(message_id, recipient, content, told))

    def close(self):
        self.shutdown()
        self.server_close()

    def handle_error(self, request, client_address):
        """A sender that goes away in the middle is part of the test."""


class Cut(Exception):
    pass


class Conversation(socketserver.StreamRequestHandler):
    timeout = 60

    def setup(self):
        if self.server.tls:
            self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        super().setup()

    def reply(self, stage, text):
        """Answers at a stage, or does what is planned for it."""
        kind, where = self.planned
        with self.server.lock:
            strike = self.server.strike if self.server.strike[0] == stage else None
            if strike:
                self.server.strike = ("", None)
        if strike:
            strike[1]()
        if where == stage:
            if kind == "cut":
                raise Cut
            if kind == "later":
                text = "451 4.3.0 later"
            if kind in ("slow", "hang"):
                time.sleep(1.0 if kind == "slow" else 33.0)
        self.wfile.write(f"{text}\r\n".encode())
        return text[0] in "23"

    def handle(self):
        self.planned = self.server.plan()
        recipient = ""
        try:
            if not self.reply("greeting", "220 chaos"):
                return
            while line := self.rfile.readline(4096).decode("ascii", "replace").strip():
                verb = line.split(":")[0].split(" ")[0].upper()
                if verb in ("EHLO", "HELO"):
                    self.reply("hello", "250 chaos")
                elif verb == "MAIL":
                    self.reply("sender", "250 ok")
                elif verb == "RCPT":
                    recipient = line[line.index("<") + 1:line.index(">")]
                    if recipient in self.server.refused:
                        self.wfile.write(b"550 5.1.1 no such mailbox\r\n")
                    else:
                        self.reply("recipient", "250 ok")
                elif verb == "DATA":
                    if self.reply("data", "354 go on"):
                        self.content(recipient)
                elif verb == "QUIT":
                    self.wfile.write(b"221 bye\r\n")
                    return
                else:
                    self.wfile.write(b"250 ok\r\n")
        except (Cut, OSError, ssl.SSLError):
            return

    def content(self, recipient):
        lines = []
        while (line := self.rfile.readline(65536)) != b".\r\n":
            if not line or (self.planned == ("cut", "content") and len(lines) > 3):
                raise Cut
            lines.append(line)
        if self.planned == ("later", "content"):
            self.reply("content", "250 ok")
            return
        content = b"".join(lines)
        head = content.split(b"\r\n\r\n")[0].decode("ascii", "replace")
        named = [line.split(":", 1)[1].strip() for line in head.split("\r\n") if line.lower().startswith("message-id:")]
        # From here the mail is in this server's hands; if the answer is cut, the sender cannot know.
        told = False
        try:
            told = self.reply("taken", "250 taken")
        finally:
            self.server.keep(named[0] if named else "", recipient, content, told)
