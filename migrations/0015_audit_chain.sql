-- The audit as a chain: each entry's hash covers the entry and the hash before it. Entries join it within seconds of their transaction.
CREATE TABLE audit_chain (
    seq BIGINT PRIMARY KEY,
    audit_id UUID NOT NULL UNIQUE,
    hash BYTEA NOT NULL
);

-- How far the chain was at an instant, signed. Copies of these leave the machine.
CREATE TABLE audit_checkpoints (
    seq BIGINT PRIMARY KEY,
    hash BYTEA NOT NULL,
    at TIMESTAMPTZ NOT NULL,
    signature BYTEA NOT NULL
);
