"""The checks find faults: a copy of a sound database is harmed in each way that a check looks for, and the check must say so."""

from datetime import datetime, timedelta

from mails import repeated
from support import witness
from support.load import Load
from support.proof import halves, lost
from support.smtp import Taken
from support.world import World

ONE = "(SELECT id FROM filings ORDER BY id LIMIT 1)"
A_MAIL = "(SELECT MIN(message_id) FROM mails)"
HARMS = {
    "filings without exactly one audit row of their acceptance":
        f"DELETE FROM audit WHERE action = 'filing.accepted' AND object_id = {ONE}",
    "audit rows of filings that are not there": f"DELETE FROM filings WHERE id = {ONE}",
    "filings without exactly one submission": f"DELETE FROM submissions WHERE object_id = {ONE}",
    "submissions of filings that are not there": f"DELETE FROM filings WHERE id = {ONE}",
    "filings on a no-disturb day without their violation": f"DELETE FROM violations WHERE rule = 'NDD-01' AND subject_id = {ONE}",
    "lines of a verdict without their violation": f"DELETE FROM violations WHERE rule = 'PER-01' AND subject_id = {ONE}",
    "violations whose filing is not there": f"DELETE FROM filings WHERE id = {ONE}",
    "violations that not every supervisor hears of": "DELETE FROM alerts WHERE id = (SELECT id FROM alerts ORDER BY id LIMIT 1)",
    "alerts without a mail in the outbox": f"DELETE FROM mails WHERE message_id = {A_MAIL}",
    "mails of no alert": "DELETE FROM alerts WHERE id = (SELECT id FROM alerts ORDER BY id LIMIT 1)",
}


def mails_taken_twice(check):
    told, untold = Taken("a", "x@y", b"1", True), Taken("a", "x@y", b"1", False)
    check("just: again after an answer that was cut", repeated([untold, told], set()) == ([], 1), "")
    check("just: again after the sender was killed", repeated([told, told], {"a"}) == ([], 1), "")
    check("seen: again although the sender knew", repeated([told, told], set()) == (["a"], 1), "not seen")
    check("seen: again with other bytes", repeated([untold, Taken("a", "x@y", b"2", True)], set()) == (["a"], 1), "not seen")


def two_at_once(check):
    begin = datetime(2026, 1, 1)

    def lease(seconds, who, until, was="", had=0):
        return (begin + timedelta(seconds=seconds), who, "lease", "x", who, begin + timedelta(seconds=until), was, begin + timedelta(seconds=had))

    def work(seconds, who):
        return (begin + timedelta(seconds=seconds), who, "work", "x", "", None, "", None)

    one_after_the_other = [lease(0, "a", 9), work(1, "a"), lease(2, "a", 2, "a", 9), lease(3, "b", 9, "a", 2), work(4, "b")]
    check("one after the other passes", witness.wrongs(one_after_the_other) == [], witness.wrongs(one_after_the_other))
    check("seen: a lease taken before its end", len(witness.wrongs([lease(0, "a", 9), lease(3, "b", 9, "a", 9)])) == 1, "not seen")
    check("seen: work after another took the lease", len(witness.wrongs([*one_after_the_other, work(5, "a")])) == 1, "not seen")
    check("seen: work after the end of the lease", len(witness.wrongs([lease(0, "a", 9), work(10, "a")])) == 1, "not seen")
    check("seen: work without any lease", len(witness.wrongs([work(0, "a")])) == 1, "not seen")


def test(run, check, postgres):
    mails_taken_twice(check)
    two_at_once(check)
    with World(run, "selftest", postgres, phones=1, enterprises=5) as world:
        load = Load(world)
        for _ in range(5):
            load.one(world.phones[0])
        world.server.terminate()
        sound = halves(world.store)
        check("each check has its harm", set(sound) == set(HARMS), set(sound) ^ set(HARMS))
        check("a sound database passes", not any(sound.values()) and not lost(world.store, load.sent), sound)
        for name, sql in HARMS.items():
            copy = world.store.copy()
            try:
                copy.harm(sql)
                check(f"seen: {name}", halves(copy).get(name, 0) > 0, "not seen")
                if "FROM filings" in sql.split("WHERE")[0]:
                    check("seen: an acknowledged filing is lost", len(lost(copy, load.sent)) == 1, "not seen")
            finally:
                copy.drop()
