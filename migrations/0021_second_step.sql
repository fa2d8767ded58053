-- The second step of signing in: codes of an authenticator app, and recovery codes for when the phone is lost.

-- The secret is sealed. Unconfirmed until its owner has typed a code; `last_step` is the newest code that was used, so that none works twice.
CREATE TABLE second_steps (
    user_id UUID PRIMARY KEY REFERENCES users (id),
    secret BYTEA NOT NULL,
    begun_at TIMESTAMPTZ NOT NULL,
    confirmed_at TIMESTAMPTZ,
    last_step BIGINT NOT NULL
);

CREATE TABLE recovery_codes (
    user_id UUID NOT NULL REFERENCES users (id),
    code_hash BYTEA NOT NULL,
    used_at TIMESTAMPTZ,
    PRIMARY KEY (user_id, code_hash)
);

-- A session that has passed the password and waits for the second step opens nothing.
ALTER TABLE sessions ADD COLUMN waits BOOLEAN NOT NULL DEFAULT FALSE;
