-- Spans of instants that a clock wrote that ran ahead and was set right: no measure of what is late or early any more.
CREATE TABLE clock_faults (
    id UUID PRIMARY KEY,
    noted_at TIMESTAMPTZ NOT NULL,
    begins TIMESTAMPTZ NOT NULL,
    ends TIMESTAMPTZ NOT NULL
);
