"""The program's system calls, seen by strace, and a `kill -9` exactly at the n-th of them, before it is done.

Between two calls a process changes nothing that outlives it: a kill at each call is a kill at each moment that can be told apart from outside."""

import os
import re
import subprocess
import time

# What reaches a disk, and what reaches a socket. Each is done by a thread of its own: SQLite's writer, and the only worker of the runtime.
DISK = "pwrite64,fdatasync,fsync,ftruncate"
SOCKETS = "connect,sendto,sendmsg,writev"
READS = "recvfrom,read"
ONE_WORKER = {"TOKIO_WORKER_THREADS": "1"}
NO_CACHE = "?statement-cache-capacity=0"

SQL = re.compile(r"(INSERT INTO|UPDATE|DELETE FROM|SELECT|BEGIN|COMMIT)(?:(?:\\n|\\t|\s)+(\w+))?")
MAIL = re.compile(r'"(EHLO|MAIL|RCPT|DATA|QUIT)')


class Trace:
    """`at` is a call and which one of its name: `("fsync", 2)`. Threads are counted apart from each other. Of what is sent and read so many bytes are kept."""

    def __init__(self, server, folder, at=None, calls=f"{DISK},{SOCKETS}", length=300):
        self.path = os.path.join(folder, "trace")
        kill = ["-e", f"inject={at[0]}:signal=SIGKILL:when={at[1]}"] if at else []
        command = ["strace", "-f", "-qqq", "-yy", "-s", str(length), "-e", "signal=none", "-e", f"trace={calls}", *kill, "-o", self.path, "-p", str(server.process.pid)]
        self.strace = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        end = time.monotonic() + 10
        while not self._watches(server.process.pid):
            if self.strace.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"strace: {self.strace.stderr.read().decode()}")
            time.sleep(0.01)

    @staticmethod
    def _watches(pid):
        for task in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{task}/status", encoding="utf-8") as file:
                if re.search(r"^TracerPid:\t0$", file.read(), re.MULTILINE):
                    return False
        return True

    @staticmethod
    def over(process):
        """Whether it has ended. strace sometimes misses that, and holds what is left of it."""
        if process.poll() is None:
            with open(f"/proc/{process.pid}/stat", encoding="ascii") as file:
                return file.read().rpartition(")")[2].split()[0] == "Z"
        return True

    def close(self):
        self.strace.terminate()
        try:
            self.strace.wait(timeout=3)
        except subprocess.TimeoutExpired:
            self.strace.kill()
            self.strace.wait()
        self.strace.stderr.close()

    def calls(self, whole=False):
        """Each call: the thread that made it, its name, the how many-th of that name it was there, and all of it.

        Those that another thread interrupted are told where they began; `whole`, where they ended, as is right for what is read."""
        counts, found, begun = {}, [], {}
        with open(self.path, encoding="utf-8", errors="replace") as file:
            for line in file:
                thread, _, call = line.strip().partition(" ")
                call = call.strip()
                if call.startswith(("+++", "---")):
                    continue
                if call.endswith("<unfinished ...>"):
                    begun[thread] = call
                if call.startswith("<... "):
                    call = begun.get(thread, "") + call
                if ("<unfinished ...>" in call) and call.endswith("<unfinished ...>") == whole:
                    continue
                name = call.partition("(")[0]
                counts[thread, name] = counts.get((thread, name), 0) + 1
                found.append((thread, name, counts[thread, name], call))
        return found


class Steps:
    """Names the calls of one conversation: what the program is at, from what is first to a mail that is noted as sent."""

    def __init__(self, begin, http, smtp):
        self.phase, self.http, self.smtp, self.prepared = begin, http, smtp, {}

    def name(self, call):
        if f":{self.http}->" in call:
            self.phase = "before the mail"
            return "the receipt is sent"
        if call.startswith("connect"):
            if f"htons({self.smtp})" not in call:
                return f"{self.phase}: a connection"
            self.phase = "before the mail is noted"
            return "mail: a connection"
        if f":{self.smtp}]" in call:
            verb = MAIL.search(call)
            return f"mail: {verb.group(1)}" if verb else "mail: its content"
        if call.startswith("pwrite64"):
            return f"{self.phase}: the log is written" if "-wal>" in call else f"{self.phase}: the database is written"
        if call.startswith(("fdatasync", "fsync")):
            return f"{self.phase}: the log is synced" if "-wal>" in call else f"{self.phase}: the database is synced"
        # A statement's text is sent first, and then its values; without a cache of statements that is so each time.
        socket, sql = call[call.find("<"):call.find("]>")], SQL.search(call)
        if sql:
            self.prepared[socket] = " ".join(filter(None, sql.groups()))
        return f"{self.phase}: {self.prepared.get(socket, 'a statement')}"
