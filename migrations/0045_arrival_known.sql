-- How precisely a reporter knows when they came: what is assumed must not accuse anybody. Until now it stood in the words alone.
ALTER TABLE reports ADD COLUMN arrival_known TEXT NOT NULL DEFAULT 'time';
UPDATE reports SET arrival_known = 'day' WHERE words LIKE '%（上报人不清楚几点，时间是系统推定的）';
UPDATE reports SET arrival_known = 'nothing' WHERE words LIKE '%（上报人不清楚是哪天，按上报当天记）';
