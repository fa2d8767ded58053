-- Open forms (visit reports without a right PIN, urgent filings of phones that are not enrolled): how many were accepted lately, and those
-- that wait for a supervisor's look.

-- Accepted forms by minute (of a network) or hour (of an enterprise). A network is masked with the contact key: no address is kept.
CREATE TABLE open_form_counts (
    scope TEXT NOT NULL,
    subject TEXT NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    forms BIGINT NOT NULL,
    PRIMARY KEY (scope, subject, at)
);
CREATE INDEX open_form_counts_by_time ON open_form_counts (at);

-- What came in a flood: accepted and receipted, judged when it is released. Nothing here is ever deleted.
CREATE TABLE quarantine (
    subject_id UUID PRIMARY KEY,
    kind TEXT NOT NULL,
    held_at TIMESTAMPTZ NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    decided_by TEXT,
    decided_at TIMESTAMPTZ
);
CREATE INDEX quarantine_by_state ON quarantine (state, held_at, subject_id);

-- True while it waits or is set aside: no rule looks at it.
ALTER TABLE reports ADD COLUMN held BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE filings ADD COLUMN held BOOLEAN NOT NULL DEFAULT FALSE;
