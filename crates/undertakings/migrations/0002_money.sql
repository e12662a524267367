-- The most of the budget that may go out before anything is accepted, and the fourth person's look at the bank's statement.
ALTER TABLE undertaking ADD COLUMN advance_share BIGINT NOT NULL DEFAULT 30;
ALTER TABLE instalment ADD COLUMN reconciled_by TEXT;
ALTER TABLE instalment ADD COLUMN reconciled_body TEXT;
ALTER TABLE instalment ADD COLUMN reconciled_at BIGINT;
ALTER TABLE instalment ADD COLUMN statement TEXT;
