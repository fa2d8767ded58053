-- The import that entered a record, so that its history says who confirmed it and when, without an audit row for each of a hundred thousand.
ALTER TABLE agencies ADD COLUMN import_id UUID REFERENCES imports (id);
ALTER TABLE matters ADD COLUMN import_id UUID REFERENCES imports (id);
ALTER TABLE inspectors ADD COLUMN import_id UUID REFERENCES imports (id);
ALTER TABLE enterprises ADD COLUMN import_id UUID REFERENCES imports (id);

-- What was entered before: an import and the records that it entered have the same instant. Where two imports have it, nothing is guessed.
UPDATE agencies
SET import_id = (SELECT i.id FROM imports i WHERE i.registry = 'agencies' AND i.applied_at = agencies.created_at)
WHERE 1 = (SELECT COUNT(*) FROM imports i WHERE i.registry = 'agencies' AND i.applied_at = agencies.created_at);
UPDATE matters
SET import_id = (SELECT i.id FROM imports i WHERE i.registry = 'matters' AND i.applied_at = matters.created_at)
WHERE 1 = (SELECT COUNT(*) FROM imports i WHERE i.registry = 'matters' AND i.applied_at = matters.created_at);
UPDATE inspectors
SET import_id = (SELECT i.id FROM imports i WHERE i.registry = 'inspectors' AND i.applied_at = inspectors.created_at)
WHERE 1 = (SELECT COUNT(*) FROM imports i WHERE i.registry = 'inspectors' AND i.applied_at = inspectors.created_at);
UPDATE enterprises
SET import_id = (SELECT i.id FROM imports i WHERE i.registry = 'enterprises' AND i.applied_at = enterprises.created_at)
WHERE 1 = (SELECT COUNT(*) FROM imports i WHERE i.registry = 'enterprises' AND i.applied_at = enterprises.created_at);
