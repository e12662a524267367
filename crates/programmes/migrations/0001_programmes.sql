-- What is publicly known about a programme, each statement with who says so.
CREATE TABLE programme_fact (
  id TEXT NOT NULL PRIMARY KEY,
  plan_item TEXT NOT NULL,
  stage TEXT NOT NULL,
  about TEXT,
  figure TEXT,
  say TEXT NOT NULL,
  source TEXT NOT NULL,
  claimant TEXT NOT NULL,
  confidence TEXT NOT NULL,
  as_of TEXT,
  made_by TEXT,
  made_at BIGINT NOT NULL,
  withdrawn_at BIGINT,
  withdrawn_reason TEXT
);
CREATE INDEX programme_fact_item ON programme_fact (plan_item, made_at);
-- The read model: each story as the public may read it, the ids it tells of, and how far the journal was followed.
CREATE TABLE programme_story (
  plan_item TEXT NOT NULL PRIMARY KEY,
  story TEXT NOT NULL,
  at BIGINT NOT NULL
);
CREATE TABLE programme_part (
  object_id TEXT NOT NULL,
  plan_item TEXT NOT NULL,
  PRIMARY KEY (object_id, plan_item)
);
CREATE INDEX programme_part_item ON programme_part (plan_item);
CREATE TABLE programme_tail (
  only_row BIGINT NOT NULL PRIMARY KEY,
  seq BIGINT NOT NULL
);
INSERT INTO programme_tail (only_row, seq) VALUES (1, 0);
