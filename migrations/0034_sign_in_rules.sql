-- What comes before everything else after signing in, and the list of one's own sessions.

-- When somebody else gave the password, until its owner has chosen another. Those of before are taken as chosen.
ALTER TABLE users ADD COLUMN password_given_at TIMESTAMPTZ;

-- By what a session was begun (password, code, recovery_code …), and in short with which browser.
ALTER TABLE sessions ADD COLUMN proof TEXT NOT NULL DEFAULT 'password';
ALTER TABLE sessions ADD COLUMN device TEXT NOT NULL DEFAULT '';

-- What the district requires of supervisors and administrators: one row.
CREATE TABLE sign_in_rules (
    second_step BOOLEAN NOT NULL
);
INSERT INTO sign_in_rules (second_step) VALUES (FALSE);
