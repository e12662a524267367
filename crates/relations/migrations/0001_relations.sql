-- A partner is a local government of any level, never a city point (decision 9.1).
CREATE TABLE government (
  id TEXT NOT NULL PRIMARY KEY,
  match_key TEXT NOT NULL UNIQUE,
  code TEXT,
  level TEXT NOT NULL,
  name TEXT NOT NULL,
  country TEXT NOT NULL,
  lat BIGINT,
  lon BIGINT,
  point_is TEXT,
  geonames_id TEXT,
  wikidata_id TEXT,
  own BOOLEAN NOT NULL DEFAULT FALSE,
  parent TEXT REFERENCES government (id),
  successor TEXT REFERENCES government (id),
  source TEXT NOT NULL,
  illustrative BOOLEAN NOT NULL DEFAULT FALSE,
  version BIGINT NOT NULL DEFAULT 1
);
-- What one import brought; rows point at it, the journal holds its digest.
CREATE TABLE relation_import (
  id TEXT NOT NULL PRIMARY KEY,
  file_name TEXT NOT NULL,
  account TEXT,
  at BIGINT NOT NULL,
  added BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  digest TEXT NOT NULL
);
CREATE TABLE relation (
  id TEXT NOT NULL PRIMARY KEY,
  reference TEXT NOT NULL UNIQUE,
  own_government TEXT NOT NULL REFERENCES government (id),
  partner_government TEXT NOT NULL REFERENCES government (id),
  district TEXT,
  kind TEXT NOT NULL,
  status TEXT NOT NULL,
  since TEXT,
  status_reason TEXT,
  signed_from TEXT,
  precision TEXT,
  filed_on TEXT,
  note TEXT,
  source TEXT NOT NULL,
  claimant TEXT NOT NULL,
  confidence TEXT NOT NULL,
  disputed BOOLEAN NOT NULL DEFAULT FALSE,
  imported_in TEXT,
  illustrative BOOLEAN NOT NULL DEFAULT FALSE,
  listed_at BIGINT NOT NULL,
  version BIGINT NOT NULL DEFAULT 1,
  UNIQUE (own_government, partner_government)
);
-- Claims beyond the first: conflicts are shown, never settled by overwriting (decision 9.2).
CREATE TABLE fact (
  id TEXT NOT NULL PRIMARY KEY,
  object_kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  field TEXT NOT NULL,
  value TEXT NOT NULL,
  precision TEXT,
  source TEXT NOT NULL,
  claimant TEXT NOT NULL,
  confidence TEXT NOT NULL,
  as_of TEXT,
  note TEXT,
  account TEXT,
  at BIGINT NOT NULL,
  illustrative BOOLEAN NOT NULL
);
CREATE INDEX fact_object ON fact (object_kind, object_id);
CREATE TABLE agreement (
  id TEXT NOT NULL PRIMARY KEY,
  relation TEXT NOT NULL REFERENCES relation (id),
  title TEXT NOT NULL,
  signed_from TEXT,
  precision TEXT,
  occasion TEXT,
  source TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  illustrative BOOLEAN NOT NULL
);
CREATE INDEX agreement_relation ON agreement (relation);
-- Two institutions that work together under a relation (R36, R76).
CREATE TABLE link (
  id TEXT NOT NULL PRIMARY KEY,
  reference TEXT UNIQUE,
  relation TEXT NOT NULL REFERENCES relation (id),
  field TEXT NOT NULL,
  own_name TEXT NOT NULL,
  partner_name TEXT NOT NULL,
  what TEXT NOT NULL,
  since TEXT,
  source TEXT NOT NULL,
  own_body TEXT,
  partner_body TEXT,
  made_at BIGINT NOT NULL,
  illustrative BOOLEAN NOT NULL
);
CREATE INDEX link_relation ON link (relation);
CREATE TABLE institution (
  id TEXT NOT NULL PRIMARY KEY,
  government TEXT NOT NULL REFERENCES government (id),
  field TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  detail TEXT,
  lat BIGINT,
  lon BIGINT,
  source TEXT NOT NULL,
  illustrative BOOLEAN NOT NULL
);
CREATE INDEX institution_government ON institution (government);
-- What happened, with where the paper errs.
CREATE TABLE event_record (
  id TEXT NOT NULL PRIMARY KEY,
  day TEXT NOT NULL,
  title TEXT NOT NULL,
  relation TEXT REFERENCES relation (id),
  corroboration TEXT,
  discrepancy TEXT,
  source TEXT
);
CREATE TABLE count_record (
  id TEXT NOT NULL PRIMARY KEY,
  day TEXT NOT NULL,
  scope TEXT NOT NULL,
  sister_pairs BIGINT NOT NULL,
  municipal BIGINT,
  district BIGINT,
  friendly_exchange BIGINT,
  countries BIGINT,
  source TEXT NOT NULL
);
-- What officers of both sides tell each other about a relation; never public.
CREATE TABLE inside_note (
  id TEXT NOT NULL PRIMARY KEY,
  relation TEXT NOT NULL REFERENCES relation (id),
  answers TEXT REFERENCES inside_note (id),
  side TEXT NOT NULL,
  account TEXT NOT NULL,
  body TEXT,
  words TEXT NOT NULL,
  at BIGINT NOT NULL,
  illustrative BOOLEAN NOT NULL
);
CREATE INDEX inside_note_relation ON inside_note (relation);
-- Changes whenever the register does, so that what a process keeps of it in memory is known to be fresh.
CREATE TABLE register_state (only_row BIGINT NOT NULL PRIMARY KEY, stamp TEXT NOT NULL);
