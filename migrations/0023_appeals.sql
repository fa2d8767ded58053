-- An appeal that waits has a deadline of its own beside that of an answer: `appeal_by` is the local day by which it is to be decided.
ALTER TABLE violations ADD COLUMN appeal_by DATE;

-- The decision that granted an appeal, or made it moot: taking that back lets the appeal wait again.
ALTER TABLE appeals ADD COLUMN decision_id UUID REFERENCES decisions (id);
CREATE INDEX appeals_by_decision ON appeals (decision_id);

-- What the agency could know before the decision, item by item: taking the decision back restores it.
ALTER TABLE decisions ADD COLUMN outcomes JSONB NOT NULL DEFAULT '[]';

-- Appeals against what was taken up again by hand are moot; the others get their deadline back.
UPDATE appeals SET state = 'moot', decided_at = (SELECT v.updated_at FROM violations v WHERE v.id = appeals.violation_id)
WHERE state = 'asked'
    AND violation_id IN (SELECT id FROM violations WHERE state IN ('suspected', 'cleared') AND handling <> 'closed');
UPDATE violations
SET appeal_by = (SELECT MIN(a.due_on) FROM appeals a WHERE a.violation_id = violations.id AND a.state = 'asked'),
    act_by = CASE WHEN handling = 'explaining' THEN (
        SELECT MAX(r.due_on) FROM request_items i JOIN explanation_requests r ON r.id = i.request_id
        WHERE i.violation_id = violations.id) ELSE NULL END
WHERE id IN (SELECT violation_id FROM appeals WHERE state = 'asked');
