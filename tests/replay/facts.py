"""What the second reading knows: the registries, filings and reports as the lines of a history tell them, and what follows from them directly."""
import datetime as dt

from law import DAY, Policy, date, instant, ld


class Facts:
    def __init__(self):
        self.policies, self.agencies, self.matters, self.inspectors, self.enterprises = [], {}, {}, {}, {}
        self.filings, self.reports, self.order, self.stored = {}, {}, 0, {}

    def policy(self, d):
        inforce = None
        for start, policy in sorted(self.policies, key=lambda p: p[0]):
            if start <= d:
                inforce = policy
        return inforce or Policy({})

    def root(self, a):
        while self.agencies[a].get("parent"):
            a = self.agencies[a]["parent"]
        return a

    # --- events -----------------------------------------------------------------------------------------------------
    def registry(self, e):
        kind = e["type"]
        if kind == "policy":
            self.policies.append((date(e["effective_from"]), Policy(e)))
        elif kind == "agency":
            self.agencies[e["ref"]] = e
        elif kind == "matter":
            self.matters[e["ref"]] = e
        elif kind == "inspector":
            self.inspectors[e["cert_no"]] = e
        elif kind == "enterprise":
            self.enterprises[e["ref"]] = e

    def event(self, e, at):
        kind = e["type"]
        if kind in ("file", "report"):
            self.order += 1
            thing = dict(e, filed_at=at, id=self.order)
            for name in ("planned_start", "planned_end", "arrived_at", "left_at", "approved_at"):
                if thing.get(name):
                    thing[name] = instant(thing[name])
            if kind == "file":
                thing.update(planned_at=at, cancelled=False, result=None)
                self.filings[e["ref"]] = thing
            else:
                self.reports[e["ref"]] = thing
            return
        if kind == "clock":
            return
        f = self.filings[e["ref"]]
        if kind == "amend":
            if "planned_start" in e:
                span = instant(e["planned_start"]), instant(e["planned_end"])
                if span != (f["planned_start"], f["planned_end"]):
                    f["planned_start"], f["planned_end"] = span
                    f["planned_at"] = at
            for name in ("exemption", "exemption_reason", "evidence_ref", "inspectors", "matters", "assistants"):
                if name in e:
                    f[name] = e[name]
            if "approver" in e:
                f["approver"], f["approved_at"] = e["approver"], instant(e["approved_at"])
        elif kind == "cancel":
            f["cancelled"] = True
        elif kind == "arrive":
            f["arrived_at"] = f.get("arrived_at") or at
        elif kind == "leave":
            f["left_at"] = f.get("left_at") or at
        elif kind == "result":
            f["result"] = e["result"]
            if "matters_inspected" in e:
                f["matters_inspected"] = e["matters_inspected"]

    # --- derived facts ----------------------------------------------------------------------------------------------
    def span(self, f):
        arrived, left = f.get("arrived_at"), f.get("left_at")
        minute = dt.timedelta(minutes=1)
        if arrived and left:
            return arrived, (left if left > arrived else arrived + minute)
        if arrived:
            return arrived, max(f["planned_end"], arrived + minute)
        return f["planned_start"], f["planned_end"]

    def first(self, f):
        return ld(self.span(f)[0])

    def last(self, f):
        return ld(self.span(f)[1] - dt.timedelta(microseconds=1))

    def cause(self, f):
        return f["kind"] in ("clue", "immediate", "on_request") or f.get("exemption") in ("E06", "E08")

    def match(self, filings, reports):
        pairs = []
        for r in reports:
            if not r.get("agency"):
                continue
            tol = self.policy(ld(r["arrived_at"])).par("FIL-04", "tolerance_days") * DAY
            for f in filings:
                if self.root(r["agency"]) == self.root(f["agency"]):
                    if self.first(f) - tol <= ld(r["arrived_at"]) <= self.last(f) + tol:
                        far = abs(r["arrived_at"] - (f.get("arrived_at") or f["planned_start"]))
                        pairs.append((far, f["filed_at"], f["id"], r["id"], f["ref"], r["ref"]))
        of_filing, of_report = {}, {}
        for *_, f, r in sorted(pairs):
            if f not in of_filing and r not in of_report:
                of_filing[f], of_report[r] = r, f
        return of_filing, of_report
