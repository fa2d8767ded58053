-- A mark of each key that all processes on this database must have, so that none of them begins with a key of its own. A mark does not tell the key.
CREATE TABLE key_marks (
    name TEXT PRIMARY KEY,
    mark BYTEA NOT NULL,
    noted_at TIMESTAMPTZ NOT NULL
);
