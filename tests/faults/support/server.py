"""The program from outside: its commands, and `mashang serve` started, stopped and killed."""

import http.client
import os
import signal
import socket
import subprocess
import time


def free_port():
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return sock.getsockname()[1]


class Server:
    """One data folder and one database, served on one port again and again."""

    def __init__(self, binary, folder, database_url=None):
        self.binary = binary
        self.folder = folder
        self.port = free_port()
        self.log = os.path.join(folder, "server.log")
        self.process = None
        self.env = {k: v for k, v in os.environ.items() if not k.startswith("MASHANG_")}
        self.env["MASHANG_DATA"] = os.path.join(folder, "data")
        self.env["MASHANG_PUBLIC_URL"] = self.url
        self.env["MASHANG_LISTEN"] = f"127.0.0.1:{self.port}"
        if database_url:
            self.env["MASHANG_DATABASE_URL"] = database_url

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def command(self, *args, expect=0):
        """Runs a command of the program and gives what it prints."""
        done = subprocess.run([self.binary, *args], env=self.env, cwd=self.folder, capture_output=True, text=True, timeout=120)
        if done.returncode != expect:
            raise RuntimeError(f"mashang {' '.join(args)}: exit status {done.returncode}\n{done.stdout}{done.stderr}")
        return done.stdout

    def start(self, more_env=None, wait=20):
        """Starts to serve and waits until it is ready; gives the seconds that took."""
        begun = time.monotonic()
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [self.binary, "serve"], env={**self.env, **(more_env or {})}, cwd=self.folder, stdout=log, stderr=log
            )
        while time.monotonic() - begun < wait:
            if self.process.poll() is not None:
                raise RuntimeError(f"serve ended with {self.process.returncode}:\n{self.log_end()}")
            if self.ready():
                return time.monotonic() - begun
            time.sleep(0.02)
        raise RuntimeError(f"not ready after {wait} s:\n{self.log_end()}")

    def ready(self):
        try:
            conn = http.client.HTTPConnection("127.0.0.1", self.port, timeout=2)
            conn.request("GET", "/readyz")
            status = conn.getresponse().status
            conn.close()
            return status == 200
        except OSError:
            return False

    def kill(self):
        """`kill -9`."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def terminate(self, limit=30):
        """SIGTERM; gives the exit status (None if it had to be killed) and the seconds until the end."""
        begun = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        try:
            status = self.process.wait(timeout=limit)
        except subprocess.TimeoutExpired:
            self.kill()
            status = None
        return status, time.monotonic() - begun

    def end(self):
        if self.process and self.process.poll() is None:
            self.kill()

    def log_end(self, lines=15):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return "".join(log.readlines()[-lines:])
