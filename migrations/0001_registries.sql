-- Registries of a district: agencies, published matters, inspectors, enterprises, holidays, policy versions, signs.
-- One text for SQLite and PostgreSQL: only the types both understand, no functions of either.

-- A number that grows with each change of a registry that rules look up, so that cached snapshots know that they are stale.
CREATE TABLE registry_state (
    id BIGINT PRIMARY KEY,
    version BIGINT NOT NULL
);
INSERT INTO registry_state (id, version) VALUES (1, 1);

CREATE TABLE agencies (
    id UUID PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    short_name TEXT NOT NULL,
    parent_id UUID REFERENCES agencies (id),
    emails JSONB NOT NULL,
    active BOOLEAN NOT NULL,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE matters (
    id UUID PRIMARY KEY,
    agency_id UUID NOT NULL REFERENCES agencies (id),
    name TEXT NOT NULL,
    matter_group TEXT NOT NULL,
    legal_basis TEXT NOT NULL,
    published_from DATE NOT NULL,
    published_to DATE,
    created_at TIMESTAMPTZ NOT NULL,
    UNIQUE (agency_id, name, published_from)
);

CREATE TABLE inspectors (
    id UUID PRIMARY KEY,
    cert_no TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    agency_id UUID NOT NULL REFERENCES agencies (id),
    valid_from DATE NOT NULL,
    valid_to DATE,
    suspended BOOLEAN NOT NULL,
    pin_hash TEXT,
    enrolled_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX inspectors_by_agency ON inspectors (agency_id, name);

-- `version` orders what is accepted at an enterprise; a write touches this row first, so that two filings are judged one after the other.
CREATE TABLE enterprises (
    id UUID PRIMARY KEY,
    uscc TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    town TEXT NOT NULL,
    address TEXT NOT NULL,
    industry TEXT NOT NULL,
    credit_class TEXT,
    tags JSONB NOT NULL,
    email TEXT NOT NULL,
    search TEXT NOT NULL,
    pin_hash TEXT,
    active BOOLEAN NOT NULL,
    version BIGINT NOT NULL,
    next_change_at TIMESTAMPTZ,
    created_at TIMESTAMPTZ NOT NULL
);
CREATE INDEX enterprises_by_name ON enterprises (name, id);
CREATE INDEX enterprises_by_next_change ON enterprises (next_change_at);

CREATE TABLE holidays (
    day DATE PRIMARY KEY,
    kind TEXT NOT NULL,
    name TEXT NOT NULL
);

-- Versions are only ever added. `ordinal` is the order of creation: of two with one date the later is in force.
CREATE TABLE policies (
    id UUID PRIMARY KEY,
    ordinal BIGINT NOT NULL UNIQUE,
    effective_from DATE NOT NULL,
    content JSONB NOT NULL,
    note TEXT NOT NULL,
    created_by UUID,
    created_at TIMESTAMPTZ NOT NULL
);

CREATE TABLE signs (
    id UUID PRIMARY KEY,
    token TEXT NOT NULL UNIQUE,
    short_code TEXT NOT NULL UNIQUE,
    unit_kind TEXT NOT NULL,
    unit_id UUID NOT NULL,
    state TEXT NOT NULL,
    edition BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    grace_until TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ,
    revoked_reason TEXT NOT NULL
);
CREATE INDEX signs_by_unit ON signs (unit_id, edition);
