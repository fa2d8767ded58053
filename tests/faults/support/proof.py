"""The proof: what was acknowledged is there once and whole, and nothing is there by halves. Each check gives what it found wrong."""


def halves(store):
    """Rows without those that belong to the same transaction: name of the check → how many."""
    lines, line = store.each("f.verdict", "line")
    checks = {
        "filings without exactly one audit row of their acceptance": """
            SELECT COUNT(*) FROM filings f WHERE 1 <> (SELECT COUNT(*) FROM audit a
                WHERE a.object_id = f.id AND a.object_kind = 'filing' AND a.action = 'filing.accepted')""",
        "audit rows of filings that are not there": """
            SELECT COUNT(*) FROM audit a WHERE a.action = 'filing.accepted'
                AND NOT EXISTS (SELECT 1 FROM filings f WHERE f.id = a.object_id)""",
        "filings without exactly one submission": """
            SELECT COUNT(*) FROM filings f WHERE f.source = 'web'
                AND 1 <> (SELECT COUNT(*) FROM submissions s WHERE s.object_id = f.id)""",
        "submissions of filings that are not there": """
            SELECT COUNT(*) FROM submissions s WHERE s.scope LIKE 'device:%'
                AND NOT EXISTS (SELECT 1 FROM filings f WHERE f.id = s.object_id)""",
        "filings on a no-disturb day without their violation": """
            SELECT COUNT(*) FROM filings f WHERE NOT f.clock_doubtful AND NOT EXISTS (
                SELECT 1 FROM violations v WHERE v.subject_id = f.id AND v.rule = 'NDD-01')""",
        "lines of a verdict without their violation": f"""
            SELECT COUNT(*) FROM filings f, {lines} WHERE NOT f.clock_doubtful AND NOT EXISTS (
                SELECT 1 FROM violations v WHERE v.subject_id = f.id AND v.rule = {line('rule')})""",
        "violations whose filing is not there": """
            SELECT COUNT(*) FROM violations v WHERE v.subject_kind = 'filing'
                AND NOT EXISTS (SELECT 1 FROM filings f WHERE f.id = v.subject_id)""",
        "violations that not every supervisor hears of": """
            SELECT COUNT(*) FROM violations v WHERE v.severity IN (2, 3) AND v.state = 'suspected'
                AND (SELECT COUNT(DISTINCT a.user_id) FROM alerts a WHERE a.violation_id = v.id)
                    <> (SELECT COUNT(*) FROM users u WHERE u.role = 'supervisor')""",
        "alerts without a mail in the outbox": """
            SELECT COUNT(*) FROM alerts a WHERE NOT EXISTS (SELECT 1 FROM mails m WHERE m.id = a.mail_id)""",
        "mails of no alert": """
            SELECT COUNT(*) FROM mails m WHERE m.kind = 'violation_alert' AND m.state <> 'gathered'
                AND NOT EXISTS (SELECT 1 FROM alerts a WHERE a.mail_id = m.id)""",
    }
    names = list(checks)
    found = store.rows(" UNION ALL ".join(f"SELECT {n}, ({checks[name]})" for n, name in enumerate(names)))
    return {names[int(n)]: int(count) for n, count in found}


def lost(store, acknowledged):
    """Of these submissions those that are not stored once, under the filing that was acknowledged."""
    stored = {}
    hexadecimal = store.hex("f.id")
    for key, filing in store.rows(f"SELECT s.key, {hexadecimal} FROM submissions s JOIN filings f ON f.id = s.object_id"):
        stored.setdefault(key, []).append(filing)
    return [sent for sent in acknowledged if stored.get(sent.submission) != [sent.filing]]


def prove(check, world, load):
    """All of the proof for a world that is being served."""
    sent = load.acknowledged()
    check("clients ended as they should", not load.broken, load.broken[:3])
    gone = lost(world.store, sent)
    check(f"{len(sent)} acknowledged filings are stored once each", sent and not gone, f"{len(gone)} lost")
    told = world.filings_by_api()
    missing = {one.filing for one in sent} - set(told)
    check("the interface tells each of them once", not missing and len(told) == len(set(told)), f"{len(missing)} missing")
    check("nothing is stored that nobody sent", len(told) == len(sent), f"{len(told)} stored, {len(sent)} sent")
    for name, found in halves(world.store).items():
        check(f"no {name}", found == 0, found)
    check("the database is sound", world.store.sound(), "integrity_check")
    for one in world.dice.sample(sent, min(20, len(sent))):
        filing = "-".join([one.filing[:8], one.filing[8:12], one.filing[12:16], one.filing[16:20], one.filing[20:]])
        page = one.phone.get(f"/f/{filing}")
        one.phone.close()
        if page.status != 200:
            check("receipts open", False, f"{page.status} {filing}")
            return
    check("receipts open", True, "")
