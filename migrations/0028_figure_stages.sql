-- What the dashboard of a year counts among a million filings and a hundred thousand violations, without a look at each of them.
CREATE INDEX figure_filings_overdue ON filings (first_day, planned_end)
    WHERE arrived_at IS NULL AND cancelled_at IS NULL AND left_at IS NULL AND result IS NULL;
CREATE INDEX figure_violations_decided ON violations (raised_day, severity, raised_at, decided_at) WHERE decided_at IS NOT NULL;
CREATE INDEX figure_violations_closed ON violations (raised_day, severity, raised_at, closed_at) WHERE closed_at IS NOT NULL;
