-- What was asked under the key: the same key for something else is told, not answered with the first thing's answer.
ALTER TABLE once ADD COLUMN asked TEXT;
