#!/usr/bin/env python3
"""A second, slow and plain reading of the rules: replays a history and prints what `mashang replay` must print.

Written from the text of the rules alone, sharing no code with the program. At each event and at each deadline it judges
every enterprise anew from all facts. Usage: reference.py HISTORY.jsonl > VIOLATIONS.jsonl
"""
import datetime as dt
import json
import sys

from facts import Facts
from law import CAL, DAY, E, EXEMPT, date, instant, ld


class World(Facts):
    # --- the rules --------------------------------------------------------------------------------------------------
    def judge(self, enterprise, now):
        live = [f for f in self.filings.values() if f["enterprise"] == enterprise and not f["cancelled"]]
        reports = [r for r in self.reports.values() if r["enterprise"] == enterprise]
        of_filing, of_report = self.match(live, reports)
        live.sort(key=lambda f: (f["filed_at"], f["id"]))
        insp = [f for f in live if f["kind"] != "service_visit"]
        found, deadlines = {}, set()

        def arrival(f):
            known = [f.get("arrived_at")]
            if f["ref"] in of_filing:
                known.append(self.reports[of_filing[f["ref"]]]["arrived_at"])
            known = [t for t in known if t]
            return min(known) if known else None

        def passed(deadline):
            if now >= deadline:
                return True
            deadlines.add(deadline)
            return False

        def bad(cert, f):
            i = self.inspectors.get(cert)
            if i is None or i.get("suspended"):
                return True
            if not f.get("joint_group") and self.root(i["agency"]) != self.root(f["agency"]):
                return True
            d = self.first(f)
            return d < date(i["valid_from"]) or bool(i.get("valid_to") and d > date(i["valid_to"]))

        for f in insp:
            policy = self.policy(ld(f["planned_start"]))
            first, last, arr, exemption = self.first(f), self.last(f), arrival(f), f.get("exemption")
            earlier = [g for g in insp if (g["filed_at"], g["id"]) < (f["filed_at"], f["id"])]
            two_three = 3 if arr else 2

            def hit(rule, severity, evidence=()):
                if policy.on(rule):
                    found[rule, f["ref"]] = (severity, sorted(g["ref"] for g in evidence))

            def gap(g):
                a, b = (g, f) if self.first(g) <= first else (f, g)
                return max(0, (self.first(b) - self.last(a)).days)

            same_joint = lambda g: bool(f.get("joint_group")) and f.get("joint_group") == g.get("joint_group")
            if exemption not in policy.exempt:
                if any(policy.quiet(first + DAY * i) for i in range((last - first).days + 1)):
                    hit("NDD-01", two_three)
            for rule in ("DUP-01", "DUP-02"):
                if self.cause(f) or exemption in EXEMPT[rule]:
                    continue
                against = []
                for g in earlier:
                    same_root = self.root(g["agency"]) == self.root(f["agency"])
                    if rule == "DUP-01":
                        alike = same_root and set(f["matters"]) & set(g["matters"])
                    else:
                        groups = lambda x: {self.matters[m]["group"] for m in x["matters"]} - {""}
                        alike = not same_root and groups(f) & groups(g)
                    if alike and not self.cause(g) and g.get("exemption") not in EXEMPT[rule] and not same_joint(g):
                        if gap(g) < policy.par(rule, "days"):
                            against.append(g)
                if against:
                    hit(rule, two_three, against)

            # DUP-03
            counted = [g for g in insp if g.get("exemption") not in EXEMPT["DUP-03"]]
            visits, seen = [], set()
            for g in counted:
                key = (g["joint_group"], self.first(g)) if g.get("joint_group") else g["ref"]
                if key not in seen:
                    seen.add(key)
                    visits.append(g)
            if f in visits and not self.cause(f):
                before = [g for g in visits if (g["filed_at"], g["id"]) < (f["filed_at"], f["id"])]
                monday = lambda d: d - DAY * d.weekday()
                periods = {
                    "day": [g for g in before if self.first(g) == first],
                    "week": [g for g in before if monday(self.first(g)) == monday(first) and not self.cause(g)],
                    "month": [g for g in before if self.first(g).timetuple()[:2] == first.timetuple()[:2] and not self.cause(g)],
                }
                over = [p for p in periods if len(periods[p]) >= policy.par("DUP-03", p)]
                if over:
                    evidence = {g["ref"]: g for p in over for g in periods[p]}
                    hit("DUP-03", 3 if len(periods["day"]) + 1 >= 3 else 2, evidence.values())

            # FRQ-01
            def counts(g):
                return not self.cause(g) and g.get("exemption") != "E05" and not g.get("joint_group")
            klass = self.enterprises[f["enterprise"]].get("credit_class")
            cap = policy.par("FRQ-01", "by_class")[klass] if klass else policy.par("FRQ-01", "default")
            if counts(f) and cap is not None:
                before = [g for g in earlier if counts(g) and self.root(g["agency"]) == self.root(f["agency"])
                          and self.first(g).year == first.year]
                if len(before) + 1 > cap:
                    hit("FRQ-01", two_three, before)

            if policy.phase == "at_planning" and f["kind"] in ("daily", "special") and exemption not in EXEMPT["FIL-01"]:
                if CAL.wdiff(ld(f["planned_at"]), ld(f["planned_start"])) < policy.par("FIL-01", "working_days"):
                    hit("FIL-01", 1)
            if arr and f["kind"] != "immediate" and f["filed_at"] > arr:
                hit("FIL-02", 2 if ld(f["filed_at"]) == ld(arr) else 3)
            if arr and f["kind"] == "immediate" and f["filed_at"] > arr + dt.timedelta(hours=policy.par("FIL-03", "hours")):
                grave = f["filed_at"] >= CAL.end_of(ld(arr), policy.par("FIL-03", "working_days"))
                hit("FIL-03", 3 if grave else 2)
            people = set(f["inspectors"]) | set(f.get("assistants", []))
            certs = {c for c in f["inspectors"] if self.inspectors.get(c, {}).get("kind") != "assistant"}
            if len([c for c in certs if not bad(c, f)]) < policy.par("PER-01", "min"):
                hit("PER-01", two_three)
            if any(bad(c, f) for c in certs):
                hit("PER-02", two_three)
            for m in (self.matters[m] for m in f["matters"]):
                listed = self.root(m["agency"]) == self.root(f["agency"]) and date(m["published_from"]) <= first
                if not listed or (m.get("published_to") and first > date(m["published_to"])):
                    hit("SCO-02", two_three)
            if exemption:
                short = len((f.get("exemption_reason") or "").strip()) < policy.par("EXM-01", "min_chars")
                if short or not (f.get("evidence_ref") or "").strip():
                    late = exemption in E(1, 2, 3, 10)
                    if not late or not policy.on("EXM-01") or passed(CAL.end_of(first, policy.par("EXM-01", "working_days"))):
                        hit("EXM-01", 2)
            t = arr or f["planned_start"]
            if exemption not in EXEMPT["TIM-01"]:
                clock = t.strftime("%H:%M:%S.%f")
                if clock < policy.par("TIM-01", "from") or clock >= policy.par("TIM-01", "to") or not CAL.working(ld(t)):
                    hit("TIM-01", 2 if t.hour >= 22 or t.hour < 6 else 1)
            if not self.cause(f) and not arr:
                done = sorted((g for g in insp if arrival(g)), key=lambda g: (arrival(g), g["filed_at"], g["id"]))
                n = policy.par("LOW-01", "count")
                for cert in set(f["inspectors"]):
                    mine = [g for g in done if cert in g["inspectors"]
                            and 0 <= (ld(f["planned_start"]) - ld(arrival(g))).days < policy.par("LOW-01", "days")][-n:]
                    if len(mine) == n and all(g["result"] == "no_problem" for g in mine):
                        hit("LOW-01", 1)
            if arr and not f["result"]:
                d = ld(f["left_at"]) if f.get("left_at") else ld(f["planned_end"] - dt.timedelta(microseconds=1))
                if not policy.on("RES-01") or passed(CAL.end_of(d, policy.par("RES-01", "working_days"))):
                    hit("RES-01", 2)
            if f["ref"] in of_filing:
                r = self.reports[of_filing[f["ref"]]]
                mine = f.get("arrived_at")
                apart = mine and abs(r["arrived_at"] - mine) > dt.timedelta(minutes=policy.par("REC-01", "minutes"))
                differ = ld(r["arrived_at"]) != ld(mine or f["planned_start"])
                came = r.get("visitors")
                if differ or apart or (came is not None and came != len(people)):
                    hit("REC-01", 2 if came is not None and came > len(people) else 1)

            # --- second wave
            one_two = 2 if arr else 1
            if exemption not in EXEMPT["FRQ-02"]:
                kin = [g for g in earlier if self.root(g["agency"]) == self.root(f["agency"])
                       and g.get("exemption") not in EXEMPT["FRQ-02"]
                       and abs((self.first(g) - first).days) < policy.par("FRQ-02", "days")]
                number = lambda g: (g.get("evidence_ref") or "").strip() if g.get("exemption") == "E04" else ""
                same = [g for g in kin if number(f) and number(g) == number(f)]
                caused = [g for g in kin if self.cause(g)]
                if number(f) and len(same) + 1 > policy.par("FRQ-02", "per_complaint"):
                    hit("FRQ-02", one_two, same)
                elif self.cause(f) and len(caused) + 1 > policy.par("FRQ-02", "max"):
                    hit("FRQ-02", one_two, caused)
            if arr and f["kind"] != "immediate" and exemption not in EXEMPT["FIL-05"]:
                names = set(f["inspectors"]) | {self.inspectors[c]["name"] for c in f["inspectors"] if c in self.inspectors}
                if not f.get("approver"):
                    late = policy.on("FIL-05") and passed(CAL.end_of(ld(arr), policy.par("FIL-05", "working_days")))
                    hit("FIL-05", 2 if late else 1)
                elif f["approver"] in names or f["approved_at"] > arr:
                    hit("FIL-05", 2)
            if f["kind"] == "special" and not all(f.get(n) for n in ("special_document", "special_reference", "special_link")):
                hit("FIL-07", one_two)
            if policy.on("FIL-08") and not arr:
                passed(f["planned_end"] + dt.timedelta(hours=policy.par("FIL-08", "hours")))
            if exemption not in EXEMPT["PER-03"]:
                if f.get("joint_group"):
                    with_it = [g for g in earlier if same_joint(g) and self.first(g) == first]
                    all_of_it = people.union(*(set(g["inspectors"]) | set(g.get("assistants", [])) for g in with_it))
                    if len(all_of_it) > policy.par("PER-03", "joint_max"):
                        hit("PER-03", one_two)
                elif len(people) > policy.par("PER-03", "max"):
                    hit("PER-03", one_two)
            if people - certs and all(bad(c, f) for c in certs):
                hit("PER-04", two_three)
            inspected = set(f.get("matters_inspected", []))
            if f["ref"] in of_filing:
                inspected |= set(self.reports[of_filing[f["ref"]]].get("matters", []))
            if inspected - set(f["matters"]):
                hit("SCO-01", 2)
            town, areas = self.enterprises[enterprise].get("town"), self.agencies[f["agency"]].get("areas")
            if town and areas and town not in areas and not f.get("joint_group") and exemption not in EXEMPT["SCO-03"]:
                hit("SCO-03", two_three)
            mine, left = f.get("arrived_at"), f.get("left_at")
            if mine and left and exemption not in EXEMPT["TIM-02"]:
                over = left - f["planned_end"] > dt.timedelta(minutes=policy.par("TIM-02", "minutes"))
                if over or left - mine > dt.timedelta(hours=policy.par("TIM-02", "hours")):
                    hit("TIM-02", 1)
            if exemption not in EXEMPT["RET-01"]:
                for r in reports:
                    matched = self.filings.get(of_report.get(r["ref"]))
                    about = r.get("agency") or (matched and matched["agency"])
                    days = (ld(f["filed_at"]) - ld(r["filed_at"])).days
                    if about and self.root(about) == self.root(f["agency"]) and (r["filed_at"], r["id"]) < (f["filed_at"], f["id"]):
                        if days <= policy.par("RET-01", "days") and self.adverse(r, matched):
                            hit("RET-01", 4)

        for r in reports:
            policy, day = self.policy(ld(r["arrived_at"])), ld(r["arrived_at"])
            matched = self.filings.get(of_report.get(r["ref"]))

            def hit(rule, severity):
                if policy.on(rule):
                    found[rule, r["ref"]] = (severity, [])

            if r.get("agency") and not r.get("service") and matched is None and policy.on("FIL-04"):
                late = passed(CAL.end_of(day, policy.par("FIL-04", "working_days")))
                severity = 3 if late and r["verified"] else 1
                hit("FIL-04", severity)
                if severity == 3 and policy.quiet(day):
                    hit("NDD-01", 3)
            no = lambda name: r.get(name) == "no"
            if r.get("agency") and (no("shown_certificate") or (
                    no("shown_notice") and not (matched and matched["kind"] == "immediate"))):
                hit("PRC-01", 2)
            ticks = sum(bool(r.get(n)) for n in ("documents_demanded", "premises_inspected", "rectification_asked", "form_signed"))
            if ticks and (r.get("service") or (matched and matched["kind"] == "service_visit")):
                hit("DIS-01", 1 if ticks == 1 else 2 if matched else 3)
            if r.get("prohibited"):
                hit("INT-01", 4)
        return found, min(deadlines, default=None)

    def adverse(self, r, matched):
        no = lambda name: r.get(name) == "no"
        unannounced = no("shown_notice") and not (matched and matched["kind"] == "immediate")
        ticks = any(r.get(n) for n in ("documents_demanded", "premises_inspected", "rectification_asked", "form_signed"))
        in_disguise = ticks and (r.get("service") or (matched and matched["kind"] == "service_visit"))
        return bool(r.get("prohibited")) or bool(r.get("agency") and (no("shown_certificate") or unannounced)) or in_disguise

    def overdue(self, now):
        """FIL-08, which looks across enterprises: by agency and quarter of the planned end."""
        found, before = {}, {}
        taken = set()
        for enterprise in self.enterprises:
            live = [f for f in self.filings.values() if f["enterprise"] == enterprise and not f["cancelled"]]
            taken |= set(self.match(live, [r for r in self.reports.values() if r["enterprise"] == enterprise])[0])
        waiting = [f for f in self.filings.values() if not f["cancelled"] and f["kind"] != "service_visit"
                   and not f.get("arrived_at") and f["ref"] not in taken]
        for f in sorted(waiting, key=lambda f: (f["planned_end"], f["filed_at"], f["id"])):
            policy = self.policy(ld(f["planned_start"]))
            if now < f["planned_end"] + dt.timedelta(hours=policy.par("FIL-08", "hours")):
                continue
            end = ld(f["planned_end"] - dt.timedelta(microseconds=1))
            earlier = before.setdefault((f["agency"], end.year, (end.month - 1) // 3), [])
            if policy.on("FIL-08") and len(earlier) + 1 >= policy.par("FIL-08", "count"):
                found["FIL-08", f["ref"]] = (1, sorted(earlier))
            earlier.append(f["ref"])
        return found

    # --- reconciling ------------------------------------------------------------------------------------------------
    def assess(self, enterprise, now):
        found, due = self.judge(enterprise, now)
        self.enterprises[enterprise]["due"] = due
        for key, (severity, evidence) in found.items():
            self.stored[key] = {"severity": severity, "state": "suspected", "evidence": evidence, "at": enterprise}
        late = self.overdue(now)
        for key, (severity, evidence) in late.items():
            self.stored[key] = {"severity": severity, "state": "suspected", "evidence": evidence, "at": None}
        for key, v in self.stored.items():
            if (v["at"] == enterprise and key not in found) or (v["at"] is None and key not in late):
                v["state"] = "cleared"


def main(path):
    world, registries_over = World(), False
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            if not line.strip():
                continue
            e = json.loads(line)
            if "at" not in e:
                world.registry(e)
                continue
            at = instant(e["at"])
            while True:
                due = [(x["due"], ref) for ref, x in world.enterprises.items() if x.get("due") and x["due"] <= at]
                if not due:
                    break
                when, ref = min(due)
                world.assess(ref, when)
            world.event(e, at)
            if e["type"] != "clock":
                ref = e.get("enterprise") or world.filings[e["ref"]]["enterprise"]
                world.assess(ref, at)
    for (rule, subject), v in sorted(world.stored.items(), key=lambda item: (item[0][1], item[0][0])):
        out = {"rule": rule, "subject": subject, "severity": v["severity"], "state": v["state"], "evidence": v["evidence"]}
        print(json.dumps(out, ensure_ascii=False, separators=(",", ":")))


if __name__ == "__main__":
    main(sys.argv[1])
