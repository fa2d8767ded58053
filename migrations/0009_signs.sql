-- Signs as rows of their own: several a unit, printed with a running number, handed out, scanned, replaced; and blank ones that are bound on the spot.
-- The table is made anew, because a blank sign has no unit yet and `NOT NULL` cannot be dropped on SQLite.

CREATE TABLE sign_serials (
    year BIGINT PRIMARY KEY,
    last_number BIGINT NOT NULL
);

CREATE TABLE signs_new (
    id UUID PRIMARY KEY,
    serial TEXT NOT NULL UNIQUE,
    token TEXT NOT NULL UNIQUE,
    short_code TEXT NOT NULL UNIQUE,
    unit_kind TEXT NOT NULL,
    unit_id UUID,
    site_id UUID,
    place TEXT NOT NULL,
    state TEXT NOT NULL,
    edition BIGINT NOT NULL,
    replaces_id UUID REFERENCES signs_new (id),
    blank_batch UUID,
    created_at TIMESTAMPTZ NOT NULL,
    printed_at TIMESTAMPTZ,
    printed_host TEXT NOT NULL,
    issued_at TIMESTAMPTZ,
    bound_at TIMESTAMPTZ,
    first_scanned_at TIMESTAMPTZ,
    last_scanned_at TIMESTAMPTZ,
    grace_until TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ,
    revoked_reason TEXT NOT NULL
);

-- The signs so far are numbered by the year in which they were made, in order.
INSERT INTO signs_new (
    id, serial, token, short_code, unit_kind, unit_id, place, state, edition, created_at, printed_host, bound_at,
    grace_until, revoked_at, revoked_reason)
SELECT id,
    SUBSTR(CAST(created_at AS TEXT), 1, 4) || '-' || SUBSTR(
        '000000' || CAST(ROW_NUMBER() OVER (PARTITION BY SUBSTR(CAST(created_at AS TEXT), 1, 4) ORDER BY created_at, id) AS TEXT),
        LENGTH(CAST(ROW_NUMBER() OVER (PARTITION BY SUBSTR(CAST(created_at AS TEXT), 1, 4) ORDER BY created_at, id) AS TEXT)) + 1, 6),
    token, short_code, unit_kind, unit_id, '', state, edition, created_at, '', created_at,
    grace_until, revoked_at, revoked_reason
FROM signs;

INSERT INTO sign_serials (year, last_number)
SELECT CAST(SUBSTR(CAST(created_at AS TEXT), 1, 4) AS BIGINT), COUNT(*)
FROM signs
GROUP BY CAST(SUBSTR(CAST(created_at AS TEXT), 1, 4) AS BIGINT);

DROP TABLE signs;
ALTER TABLE signs_new RENAME TO signs;
CREATE INDEX signs_by_unit ON signs (unit_id, created_at);
CREATE INDEX signs_by_state ON signs (state, serial);
CREATE INDEX signs_by_grace ON signs (grace_until);
CREATE INDEX signs_by_host ON signs (printed_host);

-- Each time that a sign was put on a sheet.
CREATE TABLE sign_prints (
    batch_id UUID NOT NULL,
    sign_id UUID NOT NULL REFERENCES signs (id),
    printed_at TIMESTAMPTZ NOT NULL,
    host TEXT NOT NULL,
    PRIMARY KEY (batch_id, sign_id)
);
CREATE INDEX sign_prints_by_sign ON sign_prints (sign_id, printed_at);

-- How often a sign was scanned on a day: nothing about who.
CREATE TABLE sign_scans (
    sign_id UUID NOT NULL REFERENCES signs (id),
    day DATE NOT NULL,
    scans BIGINT NOT NULL,
    PRIMARY KEY (sign_id, day)
);
