-- Urgent filings of people whose phone is not enrolled (未核验): real filings, until the agency's liaison says that they are not its own.

CREATE TABLE unverified_filings (
    filing_id UUID PRIMARY KEY REFERENCES filings (id),
    agency_id UUID NOT NULL REFERENCES agencies (id),
    name TEXT NOT NULL,
    cert_no TEXT NOT NULL,
    phone TEXT NOT NULL,
    filed_at TIMESTAMPTZ NOT NULL,
    due_at TIMESTAMPTZ NOT NULL,
    outcome TEXT,
    reason TEXT NOT NULL,
    decided_by UUID REFERENCES users (id),
    decided_at TIMESTAMPTZ
);
CREATE INDEX unverified_filings_waiting ON unverified_filings (agency_id, outcome, filed_at);
