-- Browsers that proved a secret before: guesses of others from elsewhere hold them up no longer. Of the secret in the cookie only its hash.
-- The owner of the secret that was proved is a user or an enterprise.
CREATE TABLE known_browsers (
    secret_hash BYTEA NOT NULL,
    owner_id UUID NOT NULL,
    since TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (secret_hash, owner_id)
);
CREATE INDEX known_browsers_by_owner ON known_browsers (owner_id);
CREATE INDEX known_browsers_by_use ON known_browsers (used_at);
