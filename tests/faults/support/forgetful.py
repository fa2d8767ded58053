#!/usr/bin/python3
"""A file system that forgets what was not synced: `forgetful.py BACKING MOUNTPOINT SEED [deaf]`.

What is written stays in the memory of this process, page by page, until somebody syncs the file; only then it reaches the backing folder. SIGUSR1 cuts
the power: nothing more is answered, of each file that was not synced some pages reach the disk and others do not, by the dice, and the process ends.
SIGUSR2 syncs everything, as a system does by itself within half a minute. Names, once given, stay: what is tried is the content. `deaf` hears no sync,
as a disk that lies, to see that a test would find it.

It needs Debian's python3-fusepy, and so Debian's own Python."""

import os
import random
import signal
import sys
import threading

import fusepy

PAGE = 4096


class File:
    """One file as the programs see it, and which pages of it the disk does not have."""

    def __init__(self, path):
        # Held open: its names may change, and it may have two.
        self.disk, self.dirty = open(path, "r+b", buffering=0), set()
        self.content = bytearray(self.disk.read())

    def write(self, data, offset):
        if len(self.content) < offset + len(data):
            self.truncate(offset + len(data))
        self.content[offset:offset + len(data)] = data
        self.dirty |= set(range(offset // PAGE, (offset + len(data) - 1) // PAGE + 1))

    def truncate(self, size):
        old = len(self.content)
        # In place: the log of a database grows by thousands of small writes.
        del self.content[size:]
        self.content.extend(bytes(size - len(self.content)))
        self.dirty |= set(range(min(old, size) // PAGE, max(old, size) // PAGE + 1))

    def sync(self, pages=None):
        """All that is new reaches the disk, or only these pages."""
        for page in sorted(self.dirty if pages is None else pages):
            os.pwrite(self.disk.fileno(), self.content[page * PAGE:(page + 1) * PAGE], page * PAGE)
        if pages is None:
            self.disk.truncate(len(self.content))
        self.dirty.clear()


class Forgetful(fusepy.Operations):
    def __init__(self, backing, seed, deaf):
        self.backing, self.dice, self.deaf = backing, random.Random(seed), deaf
        self.files, self.mutex = {}, threading.RLock()

    def __call__(self, op, path, *args):
        with self.mutex:
            return getattr(self, op)(path, *args)

    def at(self, path):
        return os.path.join(self.backing, path.lstrip("/"))

    def file(self, path):
        number = os.lstat(self.at(path)).st_ino
        if number not in self.files:
            self.files[number] = File(self.at(path))
        return self.files[number]

    def sync_all(self):
        with self.mutex:
            for file in self.files.values():
                file.sync()

    def cut(self):
        with self.mutex:
            for file in self.files.values():
                if file.dirty:
                    file.sync({page for page in file.dirty if self.dice.random() < 0.5})
            os._exit(0)

    def getattr(self, path, fh=None):
        found = os.lstat(self.at(path))
        names = ("st_mode", "st_uid", "st_gid", "st_nlink", "st_atime", "st_mtime", "st_ctime", "st_size")
        told = {name: getattr(found, name) for name in names}
        if found.st_ino in self.files:
            told["st_size"] = len(self.files[found.st_ino].content)
        return told

    def readdir(self, path, fh):
        return [".", "..", *os.listdir(self.at(path))]

    def create(self, path, mode, fi=None):
        os.close(os.open(self.at(path), os.O_CREAT | os.O_RDWR | os.O_TRUNC, mode))
        self.file(path)
        return 0

    def open(self, path, flags):
        self.file(path)
        return 0

    def read(self, path, size, offset, fh):
        return bytes(self.file(path).content[offset:offset + size])

    def write(self, path, data, offset, fh):
        self.file(path).write(data, offset)
        return len(data)

    def truncate(self, path, length, fh=None):
        self.file(path).truncate(length)

    def fsync(self, path, datasync, fh):
        if not self.deaf:
            self.file(path).sync()
        return 0

    def flush(self, path, fh):
        return 0

    def release(self, path, fh):
        return 0

    def fsyncdir(self, path, datasync, fh):
        return 0

    def mkdir(self, path, mode):
        os.mkdir(self.at(path), mode)

    def rmdir(self, path):
        os.rmdir(self.at(path))

    def unlink(self, path):
        found = os.lstat(self.at(path))
        os.unlink(self.at(path))
        if found.st_nlink == 1 and found.st_ino in self.files:
            self.files.pop(found.st_ino).disk.close()

    def rename(self, old, new):
        if os.path.exists(self.at(new)):
            self.unlink(new)
        os.rename(self.at(old), self.at(new))

    def link(self, new, old):
        os.link(self.at(old), self.at(new))

    def chmod(self, path, mode):
        os.chmod(self.at(path), mode)

    def chown(self, path, uid, gid):
        os.chown(self.at(path), uid, gid)

    def utimens(self, path, times=None):
        os.utime(self.at(path), times)

    def statfs(self, path):
        found = os.statvfs(self.at(path))
        return {name: getattr(found, name) for name in dir(found) if name.startswith("f_") and name != "f_fsid"}


def main():
    backing, mountpoint, seed = sys.argv[1:4]
    system = Forgetful(backing, seed, "deaf" in sys.argv[4:])
    # A thread waits for the signals, since the file system's own loop does not come back to Python's.
    wanted = {signal.SIGUSR1: system.cut, signal.SIGUSR2: system.sync_all}
    signal.pthread_sigmask(signal.SIG_BLOCK, wanted)

    def wait():
        while True:
            wanted[signal.sigwait(wanted)]()

    threading.Thread(target=wait, daemon=True).start()
    fusepy.FUSE(system, mountpoint, foreground=True, nothreads=True, fsname="forgetful")


if __name__ == "__main__":
    main()
