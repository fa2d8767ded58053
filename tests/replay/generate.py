#!/usr/bin/env python3
"""Makes a random, well-formed history that meets every rule, near its boundaries. Usage: generate.py SEED [EVENTS]"""
import datetime as dt
import json
import random
import sys

TZ = dt.timezone(dt.timedelta(hours=8))
CODES = ["91500107MAYPBPC761", "91500107MA93291ADT", "91500107MAC1JU4Q0D", "91500107MA034464H1", "91500107MAUARFLA2K"]


def main(seed, events):
    rng = random.Random(seed)
    out = []
    put = lambda **e: out.append(e)
    chance = lambda p: rng.random() < p
    pick = rng.choice

    # The second wave is chosen by a stream of its own: what a seed gave without it, it gives with it.
    more = random.Random(seed * 7919 + 1)
    wave = seed % 2 == 0
    also = lambda p: wave and more.random() < p

    start = dt.datetime(2025, rng.randint(1, 12), rng.randint(1, 28), rng.randint(0, 23), 0, tzinfo=TZ)
    rules = {}
    if chance(0.4):
        for code, value in {"DUP-01": {"days": pick([1, 30, 60, 90])}, "DUP-03": {"day": 2, "week": 3, "month": 4},
                            "FRQ-01": {"default": 1, "by_class": {"A": 0, "D": 5}}, "FIL-04": {"tolerance_days": pick([0, 2]), "working_days": 1},
                            "TIM-01": {"from": "09:00", "to": "17:30"}, "EXM-01": {"min_chars": 4}, "LOW-01": {"count": 1, "days": 90},
                            "REC-01": {"minutes": 5}, "PER-01": {"min": 1}, "RES-01": {"enabled": False}}.items():
            if chance(0.5):
                rules[code] = value
    first_policy = chance(0.8)
    if wave:
        for code, value in {"FRQ-02": {"max": more.choice([1, 2, 6]), "per_complaint": 1}, "FIL-05": {}, "FIL-07": {},
                            "FIL-08": {"count": more.choice([1, 2, 3])}, "PER-03": {"max": more.choice([2, 3]), "joint_max": 4},
                            "PER-04": {}, "SCO-01": {}, "SCO-03": {}, "TIM-02": {"minutes": more.choice([0, 30])},
                            "RET-01": {"days": more.choice([3, 180])}}.items():
            if also(0.8):
                rules[code] = {"enabled": True, **value}
    if first_policy:
        put(type="policy", effective_from="2024-01-01", phase=pick(["at_planning", "at_visit"]), rules=rules)
    if chance(0.4):
        later = (start + dt.timedelta(days=rng.randint(5, 60))).date()
        put(type="policy", effective_from=str(later), no_disturb={
            "ranges": pick([[[1, 5], [20, 31]], [[8, 23]], []]), "extra": [str(later + dt.timedelta(days=2))],
            "waived": [str(later + dt.timedelta(days=9))], "exemptions": pick([["E01"], ["E01", "E04", "E05"]])},
            rules={pick(["DUP-02", "NDD-01", "FIL-02", "DUP-03"]): {"enabled": False}})
    agencies = ["A1", "A2", "A3", "A4", "A5"]
    for i, ref in enumerate(agencies):
        parent = {"A4": "A1", "A5": "A4"}.get(ref)
        put(type="agency", ref=ref, name="单位%d" % i, **({"parent": parent} if parent else {}), **({"areas": ["新桥镇"]} if also(0.3) else {}))
    matters = []
    for i in range(9):
        agency = agencies[i % 5]
        put(type="matter", ref="M%d" % i, agency=agency, name="事项%d" % i, group=pick(["消防", "食品", "危化", ""]),
            published_from="2023-01-01" if chance(0.8) else str(start.date() + dt.timedelta(days=10)),
            **({"published_to": str(start.date() + dt.timedelta(days=30))} if chance(0.2) else {}))
        matters.append(("M%d" % i, agency))
    certs = []
    for i in range(12):
        agency = agencies[i % 5]
        put(type="inspector", cert_no="C%02d" % i, name="某", agency=agency, valid_from="2023-01-01",
            **({"valid_to": str(start.date() + dt.timedelta(days=rng.randint(0, 60)))} if chance(0.3) else {}),
            **({"suspended": True} if chance(0.1) else {}), **({"kind": "assistant"} if also(0.2) else {}))
        certs.append(("C%02d" % i, agency))
    enterprises = []
    for i in range(rng.randint(1, 3)):
        put(type="enterprise", ref="E%d" % i, uscc=CODES[i], name="企业%d" % i,
            **({"credit_class": pick("ABCD")} if chance(0.6) else {}), **({"town": more.choice(["新桥镇", "石马街道"])} if also(0.8) else {}))
        enterprises.append("E%d" % i)
    if chance(0.5):
        put(type="supervisor", email="s@jlp.example")

    roots = {"A1": "A1", "A2": "A2", "A3": "A3", "A4": "A1", "A5": "A1"}
    now, filings, reports = start, {}, 0
    stamp = lambda t: t.isoformat() if chance(0.5) else t.astimezone(dt.timezone.utc).isoformat().replace("+00:00", "Z")

    def near(t):
        minutes = pick([0, 0, 1, 29, 30, 31, 60, 24 * 60, 24 * 60 + 1, rng.randint(0, 6000), -30, -rng.randint(0, 4000)])
        return t + dt.timedelta(minutes=minutes)

    def moment():
        day = now.date() + dt.timedelta(days=pick([0, 0, 1, 2, 3, 4, 5, 7, 14, rng.randint(-2, 40)]))
        hour, minute = pick([(8, 30), (8, 29), (17, 59), (18, 0), (9, 0), (10, 0), (22, 0), (5, 59), (6, 0), (23, 30), (0, 0), (14, 0)])
        return dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=TZ)

    for n in range(events):
        now += dt.timedelta(minutes=pick([0, 0, 1, 30, 60, 600, 24 * 60, rng.randint(0, 3000)]))
        at = stamp(now)
        open_ = [f for f in filings.values() if not f.get("cancelled")]
        what = rng.random()
        if what < 0.45 or not open_:
            ref = "F%d" % n
            agency = pick(agencies)
            family = [m for m, a in matters if roots[a] == roots[agency]] if chance(0.9) else [m for m, _ in matters]
            staff = [c for c, a in certs if roots[a] == roots[agency]] if chance(0.85) else [c for c, _ in certs]
            begin = moment()
            end = begin + dt.timedelta(minutes=pick([1, 30, 31, 60, 120, 24 * 60, 3 * 24 * 60]))
            e = dict(type="file", at=at, ref=ref, agency=agency, enterprise=pick(enterprises),
                     kind=pick(["daily"] * 4 + ["special"] * 2 + ["clue", "immediate", "immediate", "on_request", "service_visit"]),
                     matters=rng.sample(family, min(len(family), rng.randint(1, 2))),
                     inspectors=rng.sample(staff, min(len(staff), pick([1, 2, 2, 2, 3]))),
                     planned_start=stamp(begin), planned_end=stamp(end))
            if chance(0.3):
                e["exemption"] = "E%02d" % rng.randint(1, 12)
                if chance(0.8):
                    e["exemption_reason"] = pick(["短", "九个字的理由在这里了", "十个字以上的正当理由在这里写明"])
                if chance(0.7):
                    e["evidence_ref"] = pick(["", "渝应急〔2025〕1号"])
            if chance(0.15):
                e["joint_group"] = pick(["J1", "J2"])
            if chance(0.2):
                arrived = now - dt.timedelta(minutes=pick([0, 1, 60, 24 * 60, 24 * 60 + 1, 5 * 24 * 60, 9 * 24 * 60]))
                e["arrived_at"] = stamp(arrived)
                if chance(0.6):
                    e["left_at"] = stamp(arrived + dt.timedelta(minutes=pick([1, 90, 24 * 60])))
            if also(0.2):
                e["assistants"] = more.sample(["W1", "W2", "C03"], more.randint(1, 3))
            if also(0.5):
                e.update(approver=more.choice(["王局", "王局", "某", "C00"]), approved_at=stamp(begin + dt.timedelta(minutes=more.choice([-600, 0, 1, 60]))))
            if e["kind"] == "special" and also(0.7):
                e.update(special_document="渝府〔2025〕1号", special_reference="备1", special_link=more.choice(["", "https://jlp.example/1"]))
            filings[ref] = dict(ref=ref, enterprise=e["enterprise"], agency=agency, start=begin)
            out.append(e)
        elif what < 0.60:
            f = pick(list(filings.values()))
            e = dict(type="report", at=at, ref="R%d" % n, enterprise=f["enterprise"], arrived_at=stamp(near(f["start"])), verified=chance(0.6))
            if chance(0.85):
                e["agency"] = f["agency"] if chance(0.7) else pick(agencies)
            if chance(0.5):
                e["visitors"] = rng.randint(0, 4)
            for name in ("shown_certificate", "shown_notice"):
                if chance(0.4):
                    e[name] = pick(["yes", "no", "unknown"])
            for name in ("documents_demanded", "premises_inspected", "rectification_asked", "form_signed"):
                if chance(0.2):
                    e[name] = chance(0.7)
            if chance(0.15):
                e["prohibited"] = rng.sample(range(1, 9), rng.randint(0, 3))
            if chance(0.25):
                e["service"] = chance(0.7)
            if also(0.3):
                e["matters"] = [more.choice(matters)[0]]
            out.append(e)
        else:
            f = pick(open_)
            kind = pick(["arrive", "arrive", "arrive", "leave", "result", "result", "amend", "amend", "cancel", "clock"])
            e = dict(type=kind, at=at)
            if kind != "clock":
                e["ref"] = f["ref"]
            if kind == "result":
                e["result"] = pick(["no_problem"] * 4 + ["corrected_on_site", "order_to_rectify", "case_opened", "other"])
            if kind == "result" and also(0.4):
                e["matters_inspected"] = [more.choice(matters)[0] for _ in range(2)]
            if kind == "cancel":
                if chance(0.5):
                    continue
                e["reason"] = "计划有变"
                f["cancelled"] = True
            if kind == "leave" and not f.get("arrived"):
                continue
            if kind == "arrive":
                f["arrived"] = True
                f["start"] = now
            if kind == "amend":
                if chance(0.6):
                    begin = moment()
                    f["start"] = begin
                    e.update(planned_start=stamp(begin), planned_end=stamp(begin + dt.timedelta(hours=2)))
                if chance(0.3):
                    e.update(exemption=pick(["E01", "E04", "E05", "E06", "E12"]), exemption_reason="十个字以上的正当理由在这里写明", evidence_ref=pick(["", "A-1"]))
                if chance(0.2):
                    e["inspectors"] = [c for c, a in certs if a == f["agency"]][:2] or ["C00"]
                if chance(0.2):
                    e["matters"] = [pick(matters)[0]]
                if also(0.3):
                    e.update(approver="王局", approved_at=stamp(f["start"] - dt.timedelta(hours=1)))
            out.append(e)
    put(type="clock", at=stamp(now + dt.timedelta(days=pick([0, 3, 30]))))
    for e in out:
        print(json.dumps(e, ensure_ascii=False))


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 120)
