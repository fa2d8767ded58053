-- What the second wave of rules looks at. Everything is optional: what was filed before stays as it was.

-- The towns that an agency may inspect in; none: the whole district.
ALTER TABLE agencies ADD COLUMN areas JSONB NOT NULL DEFAULT '[]';
-- `officer` or `assistant` (辅助人员).
ALTER TABLE inspectors ADD COLUMN kind TEXT NOT NULL DEFAULT 'officer';

ALTER TABLE filings ADD COLUMN assistants JSONB NOT NULL DEFAULT '[]';
-- Who approved the visit, as what, by which document, when; JSON null if nobody did.
ALTER TABLE filings ADD COLUMN approval JSONB NOT NULL DEFAULT 'null';
-- The papers of a special inspection.
ALTER TABLE filings ADD COLUMN special JSONB NOT NULL DEFAULT '{}';
-- What was really inspected, as named with the result.
ALTER TABLE filings ADD COLUMN matters_inspected JSONB NOT NULL DEFAULT '[]';
-- Matters that an enterprise names in its report.
ALTER TABLE reports ADD COLUMN matters JSONB NOT NULL DEFAULT '[]';

-- What is judged across an agency's enterprises touches its row first, so that two events are judged one after the other.
CREATE TABLE agency_judgements (
    agency_id UUID PRIMARY KEY REFERENCES agencies (id),
    version BIGINT NOT NULL
);

CREATE INDEX filings_by_agency_day ON filings (agency_id, first_day);
CREATE INDEX filings_not_arrived ON filings (agency_id, planned_end) WHERE arrived_at IS NULL AND cancelled_at IS NULL;
