"""SIGTERM under load: requests that are open are answered, nothing is lost, exit status 0 within 12 seconds."""

import time

from support.load import Load
from support.proof import prove
from support.world import World

SIZE = (50, 2_000, 200)  # stops: in each CI run, by hand before a release, at most in one district
LIMIT = 12.0


def test(run, check, postgres, stops):
    with World(run, "stop", postgres) as world:
        load = Load(world)
        statuses, slowest, doubtful = [], 0.0, 0
        for _ in range(stops):
            load.begin()
            time.sleep(world.dice.uniform(0.05, 0.5))
            status, seconds = world.server.terminate()
            load.end()
            statuses.append(status)
            slowest = max(slowest, seconds)
            world.server.start()
            doubtful += load.send_doubtful_again()
        check(f"{stops} times exit status 0", set(statuses) == {0}, sorted(set(map(str, statuses))))
        check(f"the slowest stop took at most {LIMIT:.0f} s", slowest <= LIMIT, f"{slowest:.1f} s")
        check("no server error while stopping", not [s for s, _ in load.refused if s >= 500], [s for s, _ in load.refused][:5])
        prove(check, world, load)
        run.tell(f"{stops} stops, {len(load.sent)} filings, {doubtful} in doubt and sent again, slowest stop {slowest:.2f} s")
