-- Requests that wait for their batch: one that rests on a report leaves together with others, so that its time tells nothing.

CREATE TABLE held_requests (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL REFERENCES agencies (id),
    state TEXT NOT NULL,
    held_by UUID NOT NULL REFERENCES users (id),
    held_at TIMESTAMPTZ NOT NULL,
    release_at TIMESTAMPTZ NOT NULL,
    ended_at TIMESTAMPTZ,
    request_id UUID REFERENCES explanation_requests (id)
);
CREATE INDEX held_requests_by_state ON held_requests (state, release_at);

-- The violations of a held request, with the versions that the supervisor saw.
CREATE TABLE held_items (
    held_id UUID NOT NULL REFERENCES held_requests (id),
    violation_id UUID NOT NULL REFERENCES violations (id),
    version BIGINT NOT NULL,
    PRIMARY KEY (held_id, violation_id)
);
CREATE INDEX held_items_by_violation ON held_items (violation_id);
