-- The outbox: written in the transaction of the event, delivered afterwards, at least once.

CREATE TABLE mails (
    id UUID PRIMARY KEY,
    user_id UUID REFERENCES users (id),
    recipient TEXT NOT NULL,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    body_text TEXT NOT NULL,
    body_html TEXT NOT NULL,
    message_id TEXT NOT NULL UNIQUE,
    in_reply_to TEXT,
    created_at TIMESTAMPTZ NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_attempt_at TIMESTAMPTZ NOT NULL,
    leased_until TIMESTAMPTZ,
    sent_at TIMESTAMPTZ,
    last_error TEXT NOT NULL
);
CREATE INDEX mails_by_state ON mails (state, next_attempt_at);
CREATE INDEX mails_by_time ON mails (created_at, id);

-- Who is to hear of which violation at which severity, and by which mail they did.
CREATE TABLE alerts (
    id UUID PRIMARY KEY,
    violation_id UUID NOT NULL REFERENCES violations (id),
    user_id UUID NOT NULL REFERENCES users (id),
    severity BIGINT NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    state TEXT NOT NULL,
    mail_id UUID REFERENCES mails (id),
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (violation_id, user_id, severity)
);
CREATE INDEX alerts_by_state ON alerts (state, due_at);
CREATE INDEX alerts_by_violation ON alerts (violation_id);
CREATE INDEX alerts_by_mail ON alerts (mail_id);

-- Work that only one process at a time may do.
CREATE TABLE leases (
    name TEXT PRIMARY KEY,
    holder UUID NOT NULL,
    leased_until TIMESTAMPTZ NOT NULL
);
