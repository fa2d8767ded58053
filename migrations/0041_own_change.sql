-- When the verdicts that agencies see of their filings at an enterprise could next change by time alone, apart from what reports make of them: at no
-- other instant is a verdict judged anew unless an agency's own doing or the registry's is the occasion. Otherwise a report would show which verdicts
-- a registry has outdated since.
ALTER TABLE enterprises ADD COLUMN own_change_at TIMESTAMPTZ;
UPDATE enterprises SET own_change_at = next_change_at WHERE next_change_at IS NOT NULL;
