"""A second server over one SQLite file is refused; a clock that is two hours behind accuses nobody."""

import glob
import subprocess

from support.load import Load
from support.store import number
from support.world import World


def test(run, check, postgres):
    with World(run, "once", postgres, phones=1, enterprises=5) as world:
        if not postgres:
            env = {**world.server.env, "MASHANG_LISTEN": "127.0.0.1:0"}
            second = subprocess.run([run.binary, "serve"], env=env, cwd=world.folder, capture_output=True, text=True, timeout=20)
            check("a second server over the same file is refused", second.returncode == 1, second.returncode)
            check("it says why", "another mashang already serves" in second.stderr, second.stderr)
            check("the first goes on", world.server.ready(), "not ready")
        load = Load(world)
        check("a filing by the right clock", load.one(world.phones[0]).status == 303, "")
        right = number(world.store, "SELECT COUNT(*) FROM violations")
        check("which raises something", right > 0, right)
        library = glob.glob("/usr/lib/*/faketime/libfaketimeMT.so.1")
        if not library:
            run.tell("NOT RUN: the clock two hours behind; libfaketime is missing (apt-get install libfaketime)")
            return
        world.phones[0].close()
        check("SIGTERM: exit status 0", world.server.terminate()[0] == 0, "")
        world.server.start({"LD_PRELOAD": library[0], "FAKETIME": "-2h"})
        check("a filing by a clock two hours behind is taken", load.one(world.phones[0]).status == 303, "")
        doubtful = number(world.store, "SELECT COUNT(*) FROM filings WHERE clock_doubtful")
        check("it is marked 时钟存疑", doubtful == 1, doubtful)
        behind = number(world.store, "SELECT COUNT(*) FROM violations")
        check("it raises nothing", behind == right, behind - right)
