-- The living stage that a tie keeps while a closer one is applied for, and returns to if that is refused.
ALTER TABLE relation ADD COLUMN upgrade_from TEXT;
