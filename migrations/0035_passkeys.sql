-- Passkeys: public keys of authenticators, with which people sign in without a password.

CREATE TABLE passkeys (
    id UUID PRIMARY KEY,
    user_id UUID NOT NULL REFERENCES users (id),
    credential_id BYTEA NOT NULL UNIQUE,
    public_key BYTEA NOT NULL,
    counter BIGINT NOT NULL,
    name TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ
);
CREATE INDEX passkeys_by_user ON passkeys (user_id, created_at);

-- What a browser was asked, by the hash of what binds it to that browser: used once, for five minutes. With a user: to register, else to sign in.
CREATE TABLE passkey_challenges (
    binding BYTEA PRIMARY KEY,
    challenge BYTEA NOT NULL,
    user_id UUID REFERENCES users (id),
    expires_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX passkey_challenges_by_end ON passkey_challenges (expires_at);
