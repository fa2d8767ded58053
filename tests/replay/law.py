"""What the second reading takes from the text of the rules before it judges: exemptions, parameters, the calendar of working days, the policy."""
import csv
import datetime as dt
import os

TZ = dt.timezone(dt.timedelta(hours=8))
DAY = dt.timedelta(days=1)
HERE = os.path.dirname(os.path.abspath(__file__))
HOLIDAYS = os.path.join(HERE, "..", "..", "src", "domain", "holidays-cn.csv")

E = lambda *numbers: {"E%02d" % n for n in numbers}
EXEMPT = {
    "DUP-01": E(1, 2, 3, 4, 6, 8, 9, 10), "DUP-02": E(1, 2, 3, 4, 6, 9, 10), "DUP-03": E(1, 2, 3), "FRQ-01": E(5),
    "FIL-01": E(1, 2, 3, 4, 6, 9, 10), "TIM-01": E(1, 2, 3, 4, 6, 9, 10),
    "FRQ-02": E(1, 2, 3), "FIL-05": E(1, 2, 3), "PER-03": E(1, 2, 3), "SCO-03": E(5, 12), "TIM-02": E(1, 2, 3, 4, 6),
    "RET-01": E(1, 2, 3, 4),
}
PARAMS = {
    "DUP-01": {"days": 60}, "DUP-02": {"days": 30}, "DUP-03": {"day": 1, "week": 2, "month": 3},
    "FRQ-01": {"default": 2, "by_class": {"A": 1, "B": 2, "C": 3, "D": None}}, "FIL-01": {"working_days": 3},
    "FIL-03": {"hours": 24, "working_days": 3}, "FIL-04": {"tolerance_days": 1, "working_days": 3}, "PER-01": {"min": 2},
    "EXM-01": {"min_chars": 10, "working_days": 3}, "TIM-01": {"from": "08:30", "to": "18:00"},
    "LOW-01": {"count": 3, "days": 365}, "RES-01": {"working_days": 5}, "REC-01": {"minutes": 30},
    "FRQ-02": {"max": 6, "days": 365, "per_complaint": 2}, "FIL-05": {"working_days": 3}, "FIL-08": {"hours": 24, "count": 3},
    "PER-03": {"max": 5, "joint_max": 12}, "TIM-02": {"minutes": 30, "hours": 4}, "RET-01": {"days": 180},
}
SECOND_WAVE = {"FRQ-02", "FIL-05", "FIL-07", "FIL-08", "PER-03", "PER-04", "SCO-01", "SCO-03", "TIM-02", "RET-01"}


def instant(text):
    return dt.datetime.fromisoformat(text.replace("Z", "+00:00")).astimezone(TZ)


def date(text):
    return dt.date.fromisoformat(text)


ld = lambda t: t.date()


class Calendar:
    def __init__(self):
        with open(HOLIDAYS, encoding="utf-8") as table:
            self.kind = {date(row["date"]): row["kind"] for row in csv.DictReader(table)}

    def working(self, d):
        return self.kind[d] == "work" if d in self.kind else d.weekday() < 5

    def wdiff(self, a, b):
        return sum(self.working(a + DAY * i) for i in range(1, max((b - a).days, 0) + 1))

    def addwd(self, a, n):
        while n:
            a += DAY
            n -= self.working(a)
        return a

    def end_of(self, a, n):
        return dt.datetime.combine(self.addwd(a, n) + DAY, dt.time(), TZ)


CAL = Calendar()


class Policy:
    def __init__(self, e):
        self.phase = e.get("phase", "at_planning")
        nd = {"ranges": [[8, 23]], "extra": [], "waived": [], "exemptions": sorted(E(*range(1, 13)))}
        nd.update(e.get("no_disturb", {}))
        self.ranges, self.exempt = nd["ranges"], set(nd["exemptions"])
        self.extra, self.waived = {date(d) for d in nd["extra"]}, {date(d) for d in nd["waived"]}
        self.rules = e.get("rules", {})

    def on(self, rule):
        return self.rules.get(rule, {}).get("enabled", rule not in SECOND_WAVE)

    def par(self, rule, name):
        given = self.rules.get(rule, {})
        if name == "by_class":
            return {**PARAMS[rule][name], **given.get(name, {})} if name not in given else {"A": 1, "B": 2, "C": 3, "D": None, **given[name]}
        return given.get(name, PARAMS[rule][name])

    def quiet(self, d):
        return d in self.extra or (d not in self.waived and any(a <= d.day <= b for a, b in self.ranges))
