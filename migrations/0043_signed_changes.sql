-- Changes of filings say what they took away and what they added, as those of violations do, so that neither readers nor the job that folds them
-- count filings. What waited until now is counted once more.

DELETE FROM figure_days WHERE EXISTS (
    SELECT 1 FROM figure_changes c WHERE c.day = figure_days.day AND c.agency_id = figure_days.agency_id);
INSERT INTO figure_days (day, agency_id, kind, filed, cancelled, arrived, exempt, undone, backfiled, doubtful)
    SELECT f.first_day, f.agency_id, f.kind, COUNT(*), COUNT(f.cancelled_at),
        COUNT(CASE WHEN f.cancelled_at IS NULL THEN f.arrived_at END),
        COUNT(CASE WHEN f.cancelled_at IS NULL THEN f.exemption END),
        COUNT(CASE WHEN f.cancelled_at IS NULL AND f.arrived_at IS NOT NULL AND f.result IS NULL THEN 1 END),
        COUNT(CASE WHEN f.cancelled_at IS NULL AND f.backfiled THEN 1 END),
        COUNT(CASE WHEN f.cancelled_at IS NULL AND f.clock_doubtful THEN 1 END)
    FROM (SELECT DISTINCT day, agency_id FROM figure_changes) c
    JOIN filings f ON f.first_day = c.day AND f.agency_id = c.agency_id
    WHERE NOT f.unconfirmed
    GROUP BY f.first_day, f.agency_id, f.kind;
DELETE FROM figure_years WHERE enterprise_id IN (SELECT enterprise_id FROM figure_changes);
INSERT INTO figure_years (year, enterprise_id, visits)
    SELECT year, enterprise_id, COUNT(*)
    FROM (
        SELECT CAST(SUBSTR(CAST(first_day AS TEXT), 1, 4) AS BIGINT) AS year, enterprise_id FROM filings
        WHERE cancelled_at IS NULL AND NOT unconfirmed AND kind <> 'service_visit'
            AND enterprise_id IN (SELECT enterprise_id FROM figure_changes)) visits
    GROUP BY year, enterprise_id;
DROP TABLE figure_changes;

-- `filed` is -1 in what a change took away and 1 in what it added, the others likewise or 0. `visits` are those of the enterprise's year. `taken`
-- is seen only inside the job.
CREATE TABLE figure_changes (
    filing_id UUID NOT NULL,
    version BIGINT NOT NULL,
    day DATE NOT NULL,
    agency_id UUID NOT NULL,
    kind TEXT NOT NULL,
    enterprise_id UUID NOT NULL,
    filed BIGINT NOT NULL,
    cancelled BIGINT NOT NULL,
    arrived BIGINT NOT NULL,
    exempt BIGINT NOT NULL,
    undone BIGINT NOT NULL,
    backfiled BIGINT NOT NULL,
    doubtful BIGINT NOT NULL,
    visits BIGINT NOT NULL,
    taken BOOLEAN NOT NULL,
    PRIMARY KEY (filing_id, version, filed)
);
