"""`kill -9` under load: whatever was acknowledged is there after the start, and nothing by halves."""

import time

from support.load import Load
from support.proof import halves, lost, prove
from support.world import World

SIZE = (100, 10_000, 250)  # kills: in each CI run, by hand before a release, at most in one district


def test(run, check, postgres, kills):
    with World(run, "kill", postgres) as world:
        load = Load(world)
        doubtful, bad, slowest, checked = 0, [], 0.0, 0
        for turn in range(kills):
            load.begin()
            time.sleep(world.dice.uniform(0.05, 0.4))
            world.server.kill()
            load.end()
            slowest = max(slowest, world.server.start())
            fresh = load.sent[checked:]
            checked = len(load.sent)
            gone = lost(world.store, [sent for sent in fresh if sent.filing])
            if gone:
                bad.append(f"kill {turn + 1}: {len(gone)} lost")
            if turn % 10 == 9:
                bad += [f"kill {turn + 1}: {found} {name}" for name, found in halves(world.store).items() if found]
            doubtful += load.send_doubtful_again()
        check(f"{kills} kills lose nothing and leave no halves", not bad, bad[:3])
        prove(check, world, load)
        world.server.command("audit", "verify")
        run.tell(f"{kills} kills, {len(load.sent)} filings, {doubtful} in doubt and sent again, slowest start {slowest:.2f} s")
