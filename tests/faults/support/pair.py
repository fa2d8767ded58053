"""A PostgreSQL primary with a streaming replica behind a line that can be cut, and the failover to it."""

import os
import signal
import time

from .cluster import Cluster
from .forward import Forwarder
from .server import free_port
from .store import Postgres


class Pair(Cluster):
    """`address` is where the primary is; it stays the same after a failover. Commits wait for the replica, unless told otherwise."""

    def __init__(self, folder, synchronous=True):
        disk = os.path.join(folder, "primary")
        os.makedirs(disk)
        super().__init__(folder, disk)
        self.first = int(self.url.rsplit(":", 1)[1].split("/")[0])
        self.second, self.replica = free_port(), os.path.join(folder, "replica")
        self.line, self.address = Forwarder([self.first]), Forwarder([self.first])
        try:
            self._replicate(synchronous)
        except BaseException:
            self.close()
            raise
        self.url = f"postgres://mashang@127.0.0.1:{self.address.port}/postgres"

    def _replicate(self, synchronous):
        self._run("pg_basebackup", "-D", self.replica, "-R", "-X", "stream", "-c", "fast", "-h", "127.0.0.1", "-p", str(self.line.port), "-U", "mashang")
        options = f"-p {self.second} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200 -c fsync=off"
        self._run("pg_ctl", "-D", self.replica, "-l", os.path.join(self.folder, "replica.log"), "-w", "-o", options, "start")
        wanted = "async"
        if synchronous:
            # Only now, so that the replica has not inherited it and waits for nobody once it is promoted.
            for sql in ("ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()"):
                Postgres.psql(self.url, sql)
            wanted = "sync"
        end = time.monotonic() + 30
        while Postgres.psql(self.url, "SELECT sync_state FROM pg_stat_replication WHERE state = 'streaming'").strip() != wanted:
            if time.monotonic() > end:
                raise RuntimeError("the replica does not follow")
            time.sleep(0.1)

    def cut_line(self):
        """From now on nothing of the primary reaches the replica."""
        self.line.switch([])

    def kill_primary(self):
        """`kill -9`, the server and each of its processes."""
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass

    def promote(self):
        """The replica takes over, under the same address."""
        self._run("pg_ctl", "-D", self.replica, "-w", "promote")
        self.address.switch([self.second])

    def close(self):
        for data in (self.data, self.replica):
            try:
                self._run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
            except RuntimeError:
                pass  # the one that was killed
        self.line.close()
        self.address.close()
