-- Accounts elsewhere that sign a user in: of the city's OpenID Connect, of 企业微信, of 政务钉钉.

-- One that was taken off stays, so that signing in with it does not link it by itself again.
CREATE TABLE external_identities (
    id UUID PRIMARY KEY,
    provider TEXT NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id UUID NOT NULL REFERENCES users (id),
    linked_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ,
    unlinked_at TIMESTAMPTZ
);
CREATE UNIQUE INDEX external_identities_by_subject ON external_identities (issuer, subject);
CREATE UNIQUE INDEX external_identities_by_user ON external_identities (user_id, issuer) WHERE unlinked_at IS NULL;

-- Sign-ins that came back from a provider: none comes back twice. Only the hash of what it carried, for as long as it could count.
CREATE TABLE returned_sign_ins (
    state_hash BYTEA PRIMARY KEY,
    returned_at TIMESTAMPTZ NOT NULL
);
