-- Policy lines, yearly plan items, and what covers which cell of the gap finder.
CREATE TABLE policy_line (
  id TEXT NOT NULL PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  title TEXT NOT NULL,
  text TEXT NOT NULL,
  source TEXT NOT NULL,
  starts TEXT NOT NULL,
  until TEXT,
  illustrative BOOLEAN NOT NULL,
  version BIGINT NOT NULL
);
CREATE TABLE plan_item (
  id TEXT NOT NULL PRIMARY KEY,
  relation TEXT,
  district TEXT,
  field TEXT NOT NULL,
  year BIGINT NOT NULL,
  policy TEXT NOT NULL REFERENCES policy_line (id),
  title TEXT NOT NULL,
  aim TEXT NOT NULL,
  supports TEXT NOT NULL,
  guiding TEXT NOT NULL,
  status TEXT NOT NULL,
  reason TEXT,
  carried_to BIGINT,
  led_by TEXT,
  made_by TEXT,
  made_at BIGINT NOT NULL,
  due TEXT,
  illustrative BOOLEAN NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX plan_item_year ON plan_item (year, id);
CREATE INDEX plan_item_relation ON plan_item (relation, field);
CREATE INDEX plan_item_district ON plan_item (district, field);
CREATE INDEX plan_item_policy ON plan_item (policy, year);
CREATE INDEX plan_item_guiding ON plan_item (guiding, status);
-- A read model: links and evaluated programmes, each once, however often its event arrives.
CREATE TABLE coverage (
  id TEXT NOT NULL PRIMARY KEY,
  relation TEXT,
  district TEXT,
  field TEXT NOT NULL,
  year BIGINT,
  kind TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  UNIQUE (object_kind, object_id)
);
CREATE INDEX coverage_relation ON coverage (relation, field);
CREATE INDEX coverage_district ON coverage (district, field);
