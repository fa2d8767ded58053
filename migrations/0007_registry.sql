-- Registries that are kept for years: sites of an enterprise, records that were merged, and the keys by which enterprises are found.

-- Branches and sites (分支、经营场所) under one credit code. Rules judge the enterprise as a whole.
CREATE TABLE sites (
    id UUID PRIMARY KEY,
    enterprise_id UUID NOT NULL REFERENCES enterprises (id),
    name TEXT NOT NULL,
    town TEXT NOT NULL,
    address TEXT NOT NULL,
    active BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX sites_by_enterprise ON sites (enterprise_id, name, id);

-- The site that a filing or report is about, where its code was scanned.
ALTER TABLE filings ADD COLUMN site_id UUID REFERENCES sites (id);
ALTER TABLE reports ADD COLUMN site_id UUID REFERENCES sites (id);

-- Of two records of one enterprise one stays as a pointer to the other.
ALTER TABLE enterprises ADD COLUMN merged_into UUID REFERENCES enterprises (id);
CREATE INDEX enterprises_by_survivor ON enterprises (merged_into);
-- The record that a filing or report was made at, if it was moved with it.
ALTER TABLE filings ADD COLUMN moved_from UUID REFERENCES enterprises (id);
ALTER TABLE reports ADD COLUMN moved_from UUID REFERENCES enterprises (id);

-- Where the keys of an enterprise are: its place within a segment of the index. NULL: not indexed yet, or changed since.
ALTER TABLE enterprises ADD COLUMN segment BIGINT;
ALTER TABLE enterprises ADD COLUMN slot BIGINT;
ALTER TABLE enterprises ADD COLUMN revision BIGINT NOT NULL DEFAULT 0;
CREATE INDEX enterprises_by_slot ON enterprises (segment, slot);

-- Which slots of a segment have a key. Always looked up by equality, so that no collation matters.
CREATE TABLE enterprise_keys (
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    segment BIGINT NOT NULL,
    members BYTEA NOT NULL,
    PRIMARY KEY (kind, key, segment)
);
CREATE INDEX enterprise_keys_by_segment ON enterprise_keys (segment);

-- Slots whose enterprise has changed since the segment was made.
CREATE TABLE enterprise_gone (
    segment BIGINT NOT NULL,
    slot BIGINT NOT NULL,
    PRIMARY KEY (segment, slot)
);

-- The number of the newest segment; whoever makes one holds this row.
CREATE TABLE enterprise_index (
    id BIGINT PRIMARY KEY,
    segment BIGINT NOT NULL
);
INSERT INTO enterprise_index (id, segment) VALUES (1, 0);
