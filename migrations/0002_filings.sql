-- What phones send: filings and visit reports, and what the rules made of them.

-- `seq` is the order of acceptance at the enterprise. `first_day` and `last_day` are local dates of the filing's span.
-- `verdict` is the assessment from filings alone: what the agency may see of its own filing.
CREATE TABLE filings (
    id UUID PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    enterprise_id UUID NOT NULL REFERENCES enterprises (id),
    agency_id UUID NOT NULL REFERENCES agencies (id),
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    matters JSONB NOT NULL,
    inspectors JSONB NOT NULL,
    exemption TEXT,
    exemption_reason TEXT NOT NULL,
    evidence_ref TEXT NOT NULL,
    planned_start TIMESTAMPTZ NOT NULL,
    planned_end TIMESTAMPTZ NOT NULL,
    joint_group TEXT,
    note TEXT NOT NULL,
    source TEXT NOT NULL,
    filed_by TEXT,
    backfiled BOOLEAN NOT NULL,
    clock_doubtful BOOLEAN NOT NULL,
    filed_at TIMESTAMPTZ NOT NULL,
    rescheduled_at TIMESTAMPTZ,
    arrived_at TIMESTAMPTZ,
    left_at TIMESTAMPTZ,
    result TEXT,
    result_at TIMESTAMPTZ,
    cancelled_at TIMESTAMPTZ,
    cancel_reason TEXT NOT NULL,
    inspection_code TEXT NOT NULL UNIQUE,
    arrival_pin TEXT NOT NULL,
    presence_confirmed_at TIMESTAMPTZ,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    verdict JSONB NOT NULL,
    version BIGINT NOT NULL
);
CREATE INDEX filings_by_enterprise ON filings (enterprise_id, first_day);
CREATE INDEX filings_by_agency ON filings (agency_id, filed_at, id);
CREATE INDEX filings_by_time ON filings (filed_at, id);
CREATE INDEX filings_by_first_day ON filings (first_day, id);

CREATE TABLE reports (
    id UUID PRIMARY KEY,
    receipt TEXT NOT NULL UNIQUE,
    enterprise_id UUID NOT NULL REFERENCES enterprises (id),
    agency_id UUID REFERENCES agencies (id),
    agency_text TEXT NOT NULL,
    seq BIGINT NOT NULL,
    arrived_at TIMESTAMPTZ NOT NULL,
    arrived_day DATE NOT NULL,
    filed_at TIMESTAMPTZ NOT NULL,
    verified BOOLEAN NOT NULL,
    visitors BIGINT,
    shown_certificate TEXT,
    shown_notice TEXT,
    documents_demanded BOOLEAN NOT NULL,
    premises_inspected BOOLEAN NOT NULL,
    rectification_asked BOOLEAN NOT NULL,
    form_signed BOOLEAN NOT NULL,
    prohibited JSONB NOT NULL,
    service BOOLEAN NOT NULL,
    words TEXT NOT NULL,
    clock_doubtful BOOLEAN NOT NULL,
    linked_filing UUID REFERENCES filings (id),
    matched_filing UUID REFERENCES filings (id),
    withdrawn_at TIMESTAMPTZ,
    version BIGINT NOT NULL
);
CREATE INDEX reports_by_enterprise ON reports (enterprise_id, arrived_day);
CREATE INDEX reports_by_time ON reports (filed_at, id);

-- What a reporter adds later, by the receipt.
CREATE TABLE report_notes (
    id UUID PRIMARY KEY,
    report_id UUID NOT NULL REFERENCES reports (id),
    words TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX report_notes_by_report ON report_notes (report_id, created_at);

-- How the reporter may be reached: encrypted, in a table of its own that no list joins.
CREATE TABLE report_contacts (
    report_id UUID PRIMARY KEY REFERENCES reports (id),
    sealed BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

-- Ratings of a visit by the enterprise: 亲近度, 清廉度, 满意度, 1 to 5.
CREATE TABLE ratings (
    filing_id UUID PRIMARY KEY REFERENCES filings (id),
    closeness BIGINT NOT NULL,
    integrity BIGINT NOT NULL,
    satisfaction BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE violations (
    id UUID PRIMARY KEY,
    rule TEXT NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    enterprise_id UUID NOT NULL REFERENCES enterprises (id),
    agency_id UUID REFERENCES agencies (id),
    severity BIGINT NOT NULL,
    state TEXT NOT NULL,
    policy_id UUID NOT NULL,
    evidence JSONB NOT NULL,
    inputs JSONB NOT NULL,
    raised_at TIMESTAMPTZ NOT NULL,
    raised_day DATE NOT NULL,
    updated_at TIMESTAMPTZ NOT NULL,
    decided_at TIMESTAMPTZ,
    decided_by UUID,
    decision_reason TEXT NOT NULL,
    version BIGINT NOT NULL,
    UNIQUE (rule, subject_id)
);
CREATE INDEX violations_by_enterprise ON violations (enterprise_id);
CREATE INDEX violations_by_state ON violations (state, severity, raised_at, id);
CREATE INDEX violations_by_time ON violations (raised_at, id);
CREATE INDEX violations_by_agency ON violations (agency_id, raised_at, id);
CREATE INDEX violations_by_subject ON violations (subject_id);

-- One row for each submission id or idempotency key: the same key gives the same answer, however often it is sent.
CREATE TABLE submissions (
    scope TEXT NOT NULL,
    key TEXT NOT NULL,
    digest BYTEA NOT NULL,
    object_id UUID,
    status BIGINT,
    answer TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (scope, key)
);

-- Append only. Nothing is deleted; what happened to an object is read here.
CREATE TABLE audit (
    id UUID PRIMARY KEY,
    at TIMESTAMPTZ NOT NULL,
    actor_kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id UUID,
    detail JSONB NOT NULL
);
CREATE INDEX audit_by_time ON audit (at, id);
CREATE INDEX audit_by_object ON audit (object_id, at);
