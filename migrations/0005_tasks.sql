-- Work in the background, and the bytes that it takes and makes.

-- What is kept as bytes: uploads, attachments, made documents. In the database, so that every process has them.
CREATE TABLE files (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL,
    media_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    sha256 BYTEA NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ
);
CREATE INDEX files_by_end ON files (expires_at);

CREATE TABLE file_pieces (
    file_id UUID NOT NULL REFERENCES files (id),
    ordinal BIGINT NOT NULL,
    bytes BYTEA NOT NULL,
    PRIMARY KEY (file_id, ordinal)
);

-- `leased_until` belongs to the process that works on it; when it has passed, another takes over.
CREATE TABLE tasks (
    id UUID PRIMARY KEY,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    params JSONB NOT NULL,
    result JSONB NOT NULL,
    trouble TEXT NOT NULL,
    file_id UUID REFERENCES files (id),
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    created_by UUID REFERENCES users (id),
    lang TEXT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    started_at TIMESTAMPTZ,
    ended_at TIMESTAMPTZ,
    leased_until TIMESTAMPTZ
);
CREATE INDEX tasks_by_state ON tasks (state, created_at, id);
CREATE INDEX tasks_by_owner ON tasks (created_by, created_at, id);
