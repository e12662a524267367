-- The name an organisation asked to be called by; everybody reads the checked one until the office has looked at it.
ALTER TABLE organisation ADD COLUMN wanted_name TEXT;
