"""A data folder on a disk whose power can be cut: `forgetful.py` in a process of its own, over a folder that stands for the disk."""

import os
import signal
import subprocess
import time

PYTHON = "/usr/bin/python3"  # Debian's, which finds Debian's python3-fusepy
PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "forgetful.py")


class Disk:
    def __init__(self, folder, seed, deaf=False):
        self.backing, self.mountpoint = (os.path.join(folder, name) for name in ("disk", "mounted"))
        self.log = os.path.join(folder, "log")
        os.makedirs(self.backing)
        os.makedirs(self.mountpoint)
        self.seed, self.deaf, self.cuts, self.process, self.why = seed, deaf, 0, None, ""

    def on(self):
        """Mounts it; whether that is possible here."""
        options = ["deaf"] if self.deaf else []
        command = [PYTHON, PROGRAM, self.backing, self.mountpoint, f"{self.seed} {self.cuts}", *options]
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        end = time.monotonic() + 10
        while not os.path.ismount(self.mountpoint):
            if self.process.poll() is not None or time.monotonic() > end:
                with open(self.log, encoding="utf-8", errors="replace") as log:
                    self.why = log.read().strip().split("\n")[-1]
                return False
            time.sleep(0.02)
        return True

    def settle(self):
        """Everything written so far is synced, as a system does by itself after half a minute."""
        self.process.send_signal(signal.SIGUSR2)
        time.sleep(0.3)

    def cut(self):
        """From now on every answer is an error, and what was not synced is forgotten in part."""
        self.process.send_signal(signal.SIGUSR1)
        self.process.wait(timeout=20)
        self.cuts += 1

    def off(self):
        """Takes away what is mounted; whoever used it must have ended."""
        if os.path.ismount(self.mountpoint) or self.cuts:
            subprocess.run(["umount", "-l", self.mountpoint], check=False, capture_output=True)
        if self.process and self.process.poll() is None:
            self.process.wait(timeout=20)
