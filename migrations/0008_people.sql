-- Invites can be withdrawn before they are used.
ALTER TABLE invites ADD COLUMN revoked_at TIMESTAMPTZ;
CREATE INDEX invites_by_inspector ON invites (inspector_id, created_at);
