-- Of which certificate's end the liaisons of its agency were told: once for each end.
CREATE TABLE certificate_notices (
    inspector_id UUID NOT NULL REFERENCES inspectors (id),
    valid_to DATE NOT NULL,
    announced_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (inspector_id, valid_to)
);
CREATE INDEX inspectors_by_valid_to ON inspectors (valid_to);
