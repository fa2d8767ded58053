-- Those who report: the conversation with them, how far they may be named, their opened contacts; and what every visited enterprise gets alike.

-- How far a reporter lets it be known who they are; they alone change it, and only upward.
ALTER TABLE reports ADD COLUMN identity TEXT NOT NULL DEFAULT 'hidden';

-- When a supervisor read what a reporter added; NULL until then.
ALTER TABLE report_notes ADD COLUMN read_at TIMESTAMPTZ;
ALTER TABLE report_notes ADD COLUMN read_by UUID;
CREATE INDEX report_notes_unread ON report_notes (report_id) WHERE read_at IS NULL;

-- What a supervisor writes to a reporter: a fixed phrase, own words, or both. `seen_at`: when the receipt page first showed it.
CREATE TABLE report_messages (
    id UUID PRIMARY KEY,
    report_id UUID NOT NULL REFERENCES reports (id),
    author UUID NOT NULL REFERENCES users (id),
    phrase TEXT,
    words TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ
);
CREATE INDEX report_messages_by_report ON report_messages (report_id, created_at);

-- Opening a sealed contact: one asks with a reason, another one agrees, the first one reads it for some minutes.
CREATE TABLE contact_openings (
    id UUID PRIMARY KEY,
    report_id UUID NOT NULL REFERENCES reports (id),
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    words TEXT NOT NULL,
    asked_by UUID NOT NULL REFERENCES users (id),
    asked_at TIMESTAMPTZ NOT NULL,
    decided_by UUID REFERENCES users (id),
    decided_at TIMESTAMPTZ,
    opened_at TIMESTAMPTZ,
    open_until TIMESTAMPTZ
);
CREATE INDEX contact_openings_by_report ON contact_openings (report_id, asked_at);
CREATE INDEX contact_openings_by_state ON contact_openings (state, asked_at);

-- The invitation to confirm and rate that follows every visit, whoever reported what.
CREATE TABLE visit_invitations (
    filing_id UUID PRIMARY KEY REFERENCES filings (id),
    due_at TIMESTAMPTZ NOT NULL,
    state TEXT NOT NULL,
    mail_id UUID REFERENCES mails (id)
);
CREATE INDEX visit_invitations_by_state ON visit_invitations (state, due_at);

CREATE INDEX ratings_by_time ON ratings (created_at, filing_id);
CREATE INDEX reports_by_agency ON reports (agency_id, filed_at);
