-- What a plan aims at and how many limits of groups, budgets and exclusions it keeps, to lay plans side by side; null in plans
-- from before this was kept apart.
ALTER TABLE allocation ADD COLUMN aim TEXT;
ALTER TABLE allocation ADD COLUMN aim_percent BIGINT;
ALTER TABLE allocation ADD COLUMN terms BIGINT;
ALTER TABLE allocation ADD COLUMN searched BOOLEAN;
