"""A witness in PostgreSQL: triggers that note every change of a lease, and the work that is done under one, with the server that did it.

Each server has a database user of its own by which it is known. The program knows nothing of the witness."""

from datetime import datetime, timedelta

# A deadline that nothing but the witness sets: who takes it off has swept the enterprise.
MARK = "2000-01-01 00:00:00+00"

SQL = f"""
CREATE TABLE witness (n BIGSERIAL PRIMARY KEY, at TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(), who TEXT NOT NULL DEFAULT session_user,
    what TEXT NOT NULL, lease TEXT NOT NULL, holder TEXT NOT NULL, until TIMESTAMPTZ, was TEXT, had TIMESTAMPTZ);
CREATE FUNCTION witness_lease() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'UPDATE' THEN
        INSERT INTO witness (what, lease, holder, until, was, had) VALUES ('lease', NEW.name, NEW.holder, NEW.leased_until, OLD.holder, OLD.leased_until);
    ELSE
        INSERT INTO witness (what, lease, holder, until) VALUES ('lease', NEW.name, NEW.holder, NEW.leased_until);
    END IF;
    RETURN NEW; END $$;
CREATE FUNCTION witness_work() RETURNS TRIGGER LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO witness (what, lease, holder) VALUES ('work', TG_ARGV[0], ''); RETURN NEW; END $$;
CREATE TRIGGER witness_lease AFTER INSERT OR UPDATE ON leases FOR EACH ROW EXECUTE FUNCTION witness_lease();
CREATE TRIGGER witness_sweep AFTER UPDATE ON enterprises FOR EACH ROW
    WHEN (OLD.next_change_at = '{MARK}' AND NEW.next_change_at IS DISTINCT FROM OLD.next_change_at) EXECUTE FUNCTION witness_work('deadlines');
CREATE TRIGGER witness_chain AFTER INSERT ON audit_chain FOR EACH ROW EXECUTE FUNCTION witness_work('audit-chain');
"""


def instant(text):
    """PostgreSQL writes `+00`, and only as many digits of a second as it needs."""
    return datetime.fromisoformat(text) if text else None


def noted(store):
    """What was noted, in its order."""
    rows = store.rows("SELECT at, who, what, lease, holder, until, COALESCE(was, ''), had FROM witness ORDER BY n")
    return [(instant(at), who, what, lease, holder, instant(until), was, instant(had)) for at, who, what, lease, holder, until, was, had in rows]


def holder_of(notes, lease):
    """Which server took or gave back this lease last, and as whom."""
    for _, who, what, name, holder, *_ in reversed(notes):
        if what == "lease" and name == lease:
            return who, holder
    return "", ""


def wrongs(notes):
    """Leases taken from somebody who still held them, and work by somebody who did not hold its lease. `mashang` is the test itself."""
    held, found = {}, []
    for at, who, what, lease, holder, until, was, had in notes:
        if what == "lease":
            if who != "mashang":
                if was and was != holder and had > at:
                    found.append(f"{who} took {lease} {had - at} before its end")
                held[lease] = (who, until)
            continue
        mine, end = held.get(lease, ("", at - timedelta(1)))
        if who != mine or at > end:
            found.append(f"{who} worked at {lease}, which was {mine or 'nobody'}'s until {end}")
    return found
