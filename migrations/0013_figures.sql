-- Figures: daily sums of filings, screens that show them, group robots, and how they are checked.

-- What changed since the sums were last made: a row for each day that a change of a filing touches. Only ever inserted by the event itself, so
-- that two filings of one agency and day never wait for each other; folded into the sums by a job. `taken` is seen only inside that job.
CREATE TABLE figure_changes (
    filing_id UUID NOT NULL,
    version BIGINT NOT NULL,
    day DATE NOT NULL,
    agency_id UUID NOT NULL,
    enterprise_id UUID NOT NULL,
    taken BOOLEAN NOT NULL,
    PRIMARY KEY (filing_id, version, day)
);
CREATE INDEX figure_changes_by_cell ON figure_changes (day, agency_id, enterprise_id);
CREATE INDEX figure_changes_by_enterprise ON figure_changes (enterprise_id, day);
INSERT INTO figure_changes (filing_id, version, day, agency_id, enterprise_id, taken)
    SELECT id, version, first_day, agency_id, enterprise_id, FALSE FROM filings;

-- `filed` counts all, `cancelled` those taken back; the others count what stands.
CREATE TABLE figure_days (
    day DATE NOT NULL,
    agency_id UUID NOT NULL,
    kind TEXT NOT NULL,
    filed BIGINT NOT NULL,
    cancelled BIGINT NOT NULL,
    arrived BIGINT NOT NULL,
    exempt BIGINT NOT NULL,
    undone BIGINT NOT NULL,
    backfiled BIGINT NOT NULL,
    doubtful BIGINT NOT NULL,
    PRIMARY KEY (day, agency_id, kind)
);

-- Visits filed at an enterprise in a calendar year and not cancelled, service visits apart.
CREATE TABLE figure_years (
    year BIGINT NOT NULL,
    enterprise_id UUID NOT NULL,
    visits BIGINT NOT NULL,
    PRIMARY KEY (year, enterprise_id)
);
CREATE INDEX figure_years_by_visits ON figure_years (year, visits, enterprise_id);

CREATE INDEX figure_filings_by_cell ON filings (
    first_day, agency_id, kind, cancelled_at, arrived_at, exemption, result, backfiled, clock_doubtful);
CREATE INDEX figure_filings_not_arrived ON filings (planned_end, id)
    WHERE arrived_at IS NULL AND cancelled_at IS NULL AND left_at IS NULL AND result IS NULL;
CREATE INDEX figure_audit_of_backups ON audit (at) WHERE action = 'backup.made';
CREATE INDEX figure_reports_by_day ON reports (arrived_day, agency_id);
CREATE INDEX figure_violations_by_day ON violations (raised_day, severity, state, agency_id, rule);

-- Each night the sums are compared with the rows that they stand for.
CREATE TABLE figure_checks (
    id UUID PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    cells BIGINT NOT NULL,
    differing BIGINT NOT NULL,
    rebuilt BOOLEAN NOT NULL
);
CREATE INDEX figure_checks_by_time ON figure_checks (at, id);

-- Links to the large screen: whoever holds one sees figures, and no name of an enterprise, until it is revoked.
CREATE TABLE screens (
    id UUID PRIMARY KEY,
    token_hash BYTEA NOT NULL UNIQUE,
    name TEXT NOT NULL,
    created_by UUID REFERENCES users (id),
    created_at TIMESTAMPTZ NOT NULL,
    revoked_at TIMESTAMPTZ
);

-- Group robots that ring beside the mails. `url` and `secret` are sealed: whoever has them can write to the group.
CREATE TABLE bells (
    id UUID PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    host TEXT NOT NULL,
    sealed BYTEA NOT NULL,
    office TEXT,
    state TEXT NOT NULL,
    created_by UUID REFERENCES users (id),
    created_at TIMESTAMPTZ NOT NULL,
    version BIGINT NOT NULL
);

-- The outbox of the bells, like that of the mails: written in the transaction of the event, sent afterwards, at least once.
CREATE TABLE bell_messages (
    id UUID PRIMARY KEY,
    bell_id UUID NOT NULL REFERENCES bells (id),
    violation_id UUID,
    severity BIGINT NOT NULL,
    words TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_attempt_at TIMESTAMPTZ NOT NULL,
    leased_until TIMESTAMPTZ,
    sent_at TIMESTAMPTZ,
    last_error TEXT NOT NULL,
    UNIQUE (bell_id, violation_id, severity)
);
CREATE INDEX bell_messages_by_state ON bell_messages (state, next_attempt_at);
CREATE INDEX bell_messages_by_bell ON bell_messages (bell_id, created_at);
