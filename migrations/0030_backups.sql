-- Backups that were made on schedule, what came of them, and the weekly proof that one can be restored.
CREATE TABLE backups (
    id UUID PRIMARY KEY,
    made_at TIMESTAMPTZ NOT NULL,
    file TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    encrypted BOOLEAN NOT NULL,
    -- What went wrong; empty if nothing.
    trouble TEXT NOT NULL
);
CREATE INDEX backups_by_time ON backups (made_at, id);

CREATE TABLE backup_drills (
    id UUID PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    file TEXT NOT NULL,
    -- How: `whole`, `before_encryption`, `read_through`.
    how TEXT NOT NULL,
    audit_links BIGINT NOT NULL,
    filings BIGINT NOT NULL,
    trouble TEXT NOT NULL
);
CREATE INDEX backup_drills_by_time ON backup_drills (at, id);

-- A restored database sends nothing until a person says so: what it wants to say may have been said already.
CREATE TABLE mail_holds (
    id UUID PRIMARY KEY,
    since TIMESTAMPTZ NOT NULL,
    backup_at TIMESTAMPTZ NOT NULL,
    released_at TIMESTAMPTZ
);
