-- Cases: what becomes of a suspected violation. Each object has a state of its own.

-- `state` says what is known (suspected, confirmed, …), `handling` how far the case is (none, explaining, explained, closed, reopened).
-- `act_by` is the local day by which somebody must act, whoever it is; NULL while nobody has a deadline.
ALTER TABLE violations ADD COLUMN handling TEXT NOT NULL DEFAULT 'none';
ALTER TABLE violations ADD COLUMN decision_kind TEXT;
ALTER TABLE violations ADD COLUMN dismissal TEXT;
ALTER TABLE violations ADD COLUMN closed_as TEXT;
ALTER TABLE violations ADD COLUMN closed_at TIMESTAMPTZ;
ALTER TABLE violations ADD COLUMN follow_up_on DATE;
ALTER TABLE violations ADD COLUMN followed_up_at TIMESTAMPTZ;
ALTER TABLE violations ADD COLUMN act_by DATE;
CREATE INDEX violations_by_handling ON violations (handling, act_by);
CREATE INDEX violations_by_decision ON violations (agency_id, decided_at);
CREATE INDEX violations_by_closing ON violations (agency_id, closed_at);

-- The head of an agency among its liaisons, and the supervisors' lead.
ALTER TABLE users ADD COLUMN lead BOOLEAN NOT NULL DEFAULT FALSE;

-- What an agency is asked. `due_on` is the last local day for an answer, `due_at` the first instant after it. `circulated_at`: listed for 通报.
CREATE TABLE explanation_requests (
    id UUID PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,
    agency_id UUID NOT NULL REFERENCES agencies (id),
    enterprise_id UUID NOT NULL REFERENCES enterprises (id),
    policy_id UUID NOT NULL,
    state TEXT NOT NULL,
    round BIGINT NOT NULL,
    sent_at TIMESTAMPTZ NOT NULL,
    sent_day DATE NOT NULL,
    sent_by UUID REFERENCES users (id),
    asked_on DATE NOT NULL,
    due_on DATE NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    extension TEXT NOT NULL,
    extension_words TEXT NOT NULL,
    assignee UUID REFERENCES users (id),
    seen_at TIMESTAMPTZ,
    replied_at TIMESTAMPTZ,
    ended_at TIMESTAMPTZ,
    listed_at TIMESTAMPTZ,
    circulated_at TIMESTAMPTZ,
    version BIGINT NOT NULL
);
CREATE INDEX requests_by_agency ON explanation_requests (agency_id, sent_at, id);
CREATE INDEX requests_by_state ON explanation_requests (state, due_on, id);
CREATE INDEX requests_by_time ON explanation_requests (sent_at, id);
CREATE INDEX requests_by_listing ON explanation_requests (listed_at, id);

-- One violation of a request, in the words that the agency reads: stored when it was sent, and never made anew from the violation.
-- `outcome` is what the agency may know of the decision, from `outcome_at` on.
CREATE TABLE request_items (
    id UUID PRIMARY KEY,
    request_id UUID NOT NULL REFERENCES explanation_requests (id),
    violation_id UUID NOT NULL REFERENCES violations (id),
    position BIGINT NOT NULL,
    rule TEXT NOT NULL,
    filing_id UUID REFERENCES filings (id),
    filing_number TEXT NOT NULL,
    asked_zh TEXT NOT NULL,
    asked_en TEXT NOT NULL,
    rule_zh TEXT NOT NULL,
    rule_en TEXT NOT NULL,
    outcome TEXT,
    outcome_words TEXT NOT NULL,
    outcome_at TIMESTAMPTZ,
    follow_up_on DATE,
    UNIQUE (request_id, violation_id)
);
CREATE INDEX request_items_by_violation ON request_items (violation_id);

-- Answers of the agency: one a round, versions within a round. Nothing is overwritten.
CREATE TABLE request_answers (
    id UUID PRIMARY KEY,
    request_id UUID NOT NULL REFERENCES explanation_requests (id),
    round BIGINT NOT NULL,
    version BIGINT NOT NULL,
    asked_on DATE NOT NULL,
    due_on DATE NOT NULL,
    choice TEXT NOT NULL,
    words TEXT NOT NULL,
    document TEXT NOT NULL,
    answered_at TIMESTAMPTZ NOT NULL,
    answered_by UUID NOT NULL REFERENCES users (id),
    verdict TEXT,
    verdict_words TEXT NOT NULL,
    verdict_at TIMESTAMPTZ,
    verdict_by UUID REFERENCES users (id),
    UNIQUE (request_id, round, version)
);

-- Attachments of an answer; the bytes are kept with the other files.
CREATE TABLE answer_files (
    id UUID PRIMARY KEY,
    answer_id UUID NOT NULL REFERENCES request_answers (id),
    position BIGINT NOT NULL,
    file_id UUID NOT NULL,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL
);
CREATE INDEX answer_files_by_answer ON answer_files (answer_id, position);

-- What a supervisor decided of a violation, with how it stood before, so that it can be taken back for some minutes.
CREATE TABLE decisions (
    id UUID PRIMARY KEY,
    violation_id UUID NOT NULL REFERENCES violations (id),
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    before JSONB NOT NULL,
    after_version BIGINT NOT NULL,
    decided_at TIMESTAMPTZ NOT NULL,
    decided_by UUID,
    undone_at TIMESTAMPTZ
);
CREATE INDEX decisions_by_violation ON decisions (violation_id, decided_at);

-- An agency's appeal against what was decided. At most one waits for a decision.
CREATE TABLE appeals (
    id UUID PRIMARY KEY,
    request_id UUID NOT NULL REFERENCES explanation_requests (id),
    violation_id UUID NOT NULL REFERENCES violations (id),
    agency_id UUID NOT NULL REFERENCES agencies (id),
    words TEXT NOT NULL,
    asked_at TIMESTAMPTZ NOT NULL,
    asked_by UUID NOT NULL REFERENCES users (id),
    due_on DATE NOT NULL,
    state TEXT NOT NULL,
    reply TEXT NOT NULL,
    decided_at TIMESTAMPTZ,
    decided_by UUID REFERENCES users (id)
);
CREATE INDEX appeals_by_violation ON appeals (violation_id, asked_at);
CREATE INDEX appeals_by_state ON appeals (state, due_on, id);

-- A step of a deadline that walks by itself: a reminder, a rule that is judged. Each once: the row is unique.
CREATE TABLE case_steps (
    id UUID PRIMARY KEY,
    subject_kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    step TEXT NOT NULL,
    due_on DATE NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    state TEXT NOT NULL,
    done_at TIMESTAMPTZ,
    UNIQUE (subject_id, step, due_on)
);
CREATE INDEX case_steps_by_state ON case_steps (state, at);

-- Which mail was about which request or violation, and which decision it tells of.
CREATE TABLE case_mails (
    mail_id UUID PRIMARY KEY REFERENCES mails (id),
    subject_kind TEXT NOT NULL,
    subject_id UUID NOT NULL,
    decision_id UUID REFERENCES decisions (id)
);
CREATE INDEX case_mails_by_subject ON case_mails (subject_id);
CREATE INDEX case_mails_by_decision ON case_mails (decision_id);
