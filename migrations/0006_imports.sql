-- Registries taken over from files: what a file would change, what it changed, and what was there before.

-- `version` grows with each change of the row. `digest` is of the whole preview: what is confirmed is what was shown, or it is shown anew.
CREATE TABLE imports (
    id UUID PRIMARY KEY,
    registry TEXT NOT NULL,
    state TEXT NOT NULL,
    version BIGINT NOT NULL,
    file_id UUID REFERENCES files (id),
    file_name TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    size BIGINT NOT NULL,
    choices JSONB NOT NULL,
    format JSONB NOT NULL,
    digest TEXT NOT NULL,
    stale BOOLEAN NOT NULL,
    counts JSONB NOT NULL,
    task_id UUID,
    created_by UUID REFERENCES users (id),
    created_at TIMESTAMPTZ NOT NULL,
    applied_by UUID REFERENCES users (id),
    applied_at TIMESTAMPTZ,
    undone_by UUID REFERENCES users (id),
    undone_at TIMESTAMPTZ
);
CREATE INDEX imports_by_time ON imports (created_at, id);

-- The lists of a preview, page by page, so that no page of the console reads the file again.
CREATE TABLE import_pages (
    import_id UUID NOT NULL REFERENCES imports (id),
    kind TEXT NOT NULL,
    page BIGINT NOT NULL,
    lines JSONB NOT NULL,
    PRIMARY KEY (import_id, kind, page)
);

-- What was written, some hundred objects a row: how each was before and after. An undo compares and puts back.
CREATE TABLE import_changes (
    import_id UUID NOT NULL REFERENCES imports (id),
    ordinal BIGINT NOT NULL,
    changes JSONB NOT NULL,
    PRIMARY KEY (import_id, ordinal)
);

-- What an undo, or a file without them, deactivated; nothing is deleted. Agencies and enterprises have the column from the beginning.
ALTER TABLE matters ADD COLUMN active BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE inspectors ADD COLUMN active BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE holidays ADD COLUMN active BOOLEAN NOT NULL DEFAULT TRUE;
