-- Daily sums of violations, and what else the dashboard counts: none of it grows with the number of violations.

-- What a change of a violation took away (`n` is -1) and what it added (1), written in the transaction of the change; a job adds it to the sums.
-- `open` is open in the inbox, without a deadline. `taken` is seen only inside that job.
CREATE TABLE figure_violation_changes (
    violation_id UUID NOT NULL,
    version BIGINT NOT NULL,
    n BIGINT NOT NULL,
    day DATE NOT NULL,
    severity BIGINT NOT NULL,
    state TEXT NOT NULL,
    closed BOOLEAN NOT NULL,
    open BOOLEAN NOT NULL,
    rule TEXT NOT NULL,
    agency_id UUID,
    taken BOOLEAN NOT NULL,
    PRIMARY KEY (violation_id, version, n)
);
INSERT INTO figure_violation_changes
        (violation_id, version, n, day, severity, state, closed, open, rule, agency_id, taken)
    SELECT id, version, 1, raised_day, severity, state, closed_at IS NOT NULL,
        state = 'suspected' AND handling IN ('none', 'explained', 'reopened')
            AND (severity >= 2 OR handling = 'explained') AND act_by IS NULL AND appeal_by IS NULL,
        rule, agency_id, FALSE
    FROM violations;

-- `agency_id` is the nil UUID where the report did not say which.
CREATE TABLE figure_violations (
    day DATE NOT NULL,
    severity BIGINT NOT NULL,
    state TEXT NOT NULL,
    closed BOOLEAN NOT NULL,
    open BOOLEAN NOT NULL,
    rule TEXT NOT NULL,
    agency_id UUID NOT NULL,
    n BIGINT NOT NULL,
    PRIMARY KEY (day, severity, state, closed, open, rule, agency_id)
);
-- Whatever a reader wants, in the order of the days.
CREATE INDEX figure_violations_lines ON figure_violations (day, state, severity, closed, rule, agency_id, n);
CREATE INDEX figure_violations_open ON figure_violations (open, severity, n) WHERE open;
-- Nothing counts the violations of a period any more.
DROP INDEX figure_violations_by_day;

-- Few violations have a deadline.
CREATE INDEX violations_by_act_by ON violations (act_by, severity) WHERE act_by IS NOT NULL;
CREATE INDEX violations_by_appeal_by ON violations (appeal_by, severity) WHERE appeal_by IS NOT NULL;

-- SQLite counts without a look at the rows only if the index holds each column that is asked about, even one that is the same in all of them.
DROP INDEX figure_filings_overdue;
CREATE INDEX figure_filings_overdue ON filings (
        first_day, planned_end, arrived_at, cancelled_at, left_at, result, unconfirmed)
    WHERE arrived_at IS NULL AND cancelled_at IS NULL AND left_at IS NULL AND result IS NULL AND NOT unconfirmed;
DROP INDEX figure_filings_unconfirmed;
CREATE INDEX figure_filings_unconfirmed ON filings (first_day, unconfirmed, cancelled_at)
    WHERE unconfirmed AND cancelled_at IS NULL;
CREATE INDEX figure_reports_counted ON reports (arrived_day, held) WHERE NOT held;
CREATE INDEX figure_reports_unknown ON reports (agency_id, matched_filing, withdrawn_at, arrived_day, held)
    WHERE agency_id IS NULL AND matched_filing IS NULL AND withdrawn_at IS NULL AND NOT held;
CREATE INDEX figure_signs_never_scanned ON signs (state, printed_at, bound_at, unit_id, first_scanned_at)
    WHERE first_scanned_at IS NULL;
CREATE INDEX figure_requests_by_day ON explanation_requests (sent_day, agency_id);
