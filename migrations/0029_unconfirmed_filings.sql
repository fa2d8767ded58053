-- A filing from an unknown phone speaks for its agency only when the agency's liaison has said so.
ALTER TABLE filings ADD COLUMN unconfirmed BOOLEAN NOT NULL DEFAULT FALSE;
INSERT INTO figure_changes (filing_id, version, day, agency_id, enterprise_id, taken)
    SELECT id, version, first_day, agency_id, enterprise_id, FALSE FROM filings
    WHERE id IN (SELECT filing_id FROM unverified_filings WHERE outcome IS NULL OR outcome <> 'confirmed')
    ON CONFLICT (filing_id, version, day) DO NOTHING;
UPDATE filings SET unconfirmed = TRUE
    WHERE id IN (SELECT filing_id FROM unverified_filings WHERE outcome IS NULL OR outcome <> 'confirmed');
DROP INDEX figure_filings_overdue;
CREATE INDEX figure_filings_overdue ON filings (first_day, planned_end)
    WHERE arrived_at IS NULL AND cancelled_at IS NULL AND left_at IS NULL AND result IS NULL AND NOT unconfirmed;
CREATE INDEX figure_filings_unconfirmed ON filings (first_day) WHERE unconfirmed AND cancelled_at IS NULL;
