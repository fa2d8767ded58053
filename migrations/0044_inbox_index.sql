-- The violations of a state, the gravest and newest first, with all that the tabs of the inbox tell apart: their counts are read out of it alone.
CREATE INDEX violations_in_inbox ON violations (state, severity, raised_at, id, handling, act_by, appeal_by);
DROP INDEX violations_by_state;
