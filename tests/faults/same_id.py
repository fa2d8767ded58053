"""The same submission, sent 20 times at once: one row, and one receipt byte for byte."""

import threading

from support.load import Load, Sent
from support.phone import fields, review
from support.proof import prove
from support.store import number
from support.world import World

SIZE = (200, 10_000, 2_000)  # ids: in each CI run, by hand before a release, at most in one district
AT_ONCE = 20


def test(run, check, postgres, ids):
    with World(run, "same-id", postgres) as world:
        load = Load(world)
        differing, refused = [], []
        tabs = [[phone.twin() for _ in range(AT_ONCE)] for phone in world.phones]
        for turn in range(ids):
            browsers = tabs[turn % len(tabs)]
            sign = world.dice.choice(world.signs)
            form = review(browsers[0], sign, fields(world.matter, load.day))
            sent = Sent(browsers[0].twin(), sign, form)
            load.sent.append(sent)
            answers = at_once(sent, browsers, load.broken)
            refused += [answer.status for answer in answers if answer.status != 303]
            if len({(a.status, a.location, a.body) for a in answers}) != 1 or len(answers) != AT_ONCE:
                differing.append(sent.submission)
                continue
            if turn % 10 == 0:
                pages = {browser.get(answers[0].location).body for browser in browsers[:5]}
                if len(pages) != 1:
                    differing.append(f"page of {sent.submission}")
        check(f"{ids} ids sent {AT_ONCE} times at once: one answer byte for byte each", not differing, differing[:3])
        check("every one of them is the receipt", not refused, refused[:5])
        check("one row each", number(world.store, "SELECT COUNT(*) FROM filings") == ids, "rows")
        other = Sent(sent.phone, sign, [(n, "另一项" if n == "note" else v) for n, v in [*form, ("note", "")]])
        answer = other.post(browsers[0])
        check("the same id with other content is 409", answer.status == 409, answer.status)
        prove(check, world, load)
        run.tell(f"{ids} ids, {ids * AT_ONCE} posts")


def at_once(sent, browsers, broken):
    """Sends it from all browsers at the same moment."""
    answers, gate = [], threading.Barrier(len(browsers))

    def post(browser):
        try:
            gate.wait()
            answers.append(sent.post(browser))
        except Exception as error:  # told by the proof
            broken.append(repr(error))

    threads = [threading.Thread(target=post, args=(browser,)) for browser in browsers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
