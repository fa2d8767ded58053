"""A PostgreSQL server of its own whose tables lie on a disk that can be filled; its log lies elsewhere, as it should."""

import glob
import os
import shutil
import subprocess

from .server import free_port


class Cluster:
    def __init__(self, folder, disk, fsync="off"):
        self.bin = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
        self.data, self.folder = os.path.join(disk, "data"), folder
        wal = os.path.join(folder, "wal")
        for path in (disk, folder):
            os.chmod(path, 0o755)
            if os.getuid() == 0:
                shutil.chown(path, "postgres")
        self._run("initdb", "-D", self.data, "-X", wal, "-U", "mashang", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        port = free_port()
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c max_connections=200 -c fsync={fsync}"
        self._run("pg_ctl", "-D", self.data, "-l", os.path.join(folder, "postgres.log"), "-w", "-o", options, "start")
        self.url = f"postgres://mashang@127.0.0.1:{port}/postgres"

    def _run(self, program, *args):
        command = [os.path.join(self.bin, program), *args]
        if os.getuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        done = subprocess.run(command, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=120)
        if done.returncode:
            raise RuntimeError(f"{program}: {done.stderr}")

    def processes(self):
        """The server and each of its processes."""
        with open(os.path.join(self.data, "postmaster.pid"), encoding="utf-8") as file:
            parent = int(file.readline())
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=False).stdout.split()
        return [parent, *map(int, children)]

    def close(self):
        self._run("pg_ctl", "-D", self.data, "-m", "immediate", "-w", "stop")
