"""Disks that can be filled: a small tmpfs with ballast on it, and a limit on the size of any file that a process writes."""

import os
import resource
import subprocess


class Tmpfs:
    """A small file system. `Tmpfs.made` is None where it may not be mounted."""

    name = "tmpfs"

    def __init__(self, folder, mebibytes):
        self.folder = folder
        self.ballast = os.path.join(folder, "ballast")

    @classmethod
    def made(cls, folder, mebibytes):
        os.makedirs(folder)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "faults", folder], capture_output=True)
        return cls(folder, mebibytes) if done.returncode == 0 else None

    def fill(self, _server):
        with open(self.ballast, "wb", buffering=0) as file:
            for block in (b"\0" * (1 << 20), b"\0" * 4096):
                try:
                    while file.write(block) == len(block):
                        pass
                except OSError:
                    continue

    def free(self, _server):
        os.remove(self.ballast)

    def close(self):
        subprocess.run(["umount", "-l", self.folder], check=True)


class FileLimit:
    """`ulimit -f` on the running server: no file may grow beyond the size that the write-ahead log has now."""

    name = "ulimit -f"

    @staticmethod
    def fill(server):
        sizes = [os.path.getsize(os.path.join(server.env["MASHANG_DATA"], f"mashang.db{end}")) for end in ("", "-wal")]
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (min(sizes), resource.RLIM_INFINITY))

    @staticmethod
    def free(server):
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
