CREATE TABLE organisation_import (
  id TEXT NOT NULL PRIMARY KEY,
  file_name TEXT NOT NULL,
  account TEXT,
  at BIGINT NOT NULL,
  added BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  digest TEXT NOT NULL
);
-- What an organisation is, beside what one acts for: its id is the body's id, its name the body's name.
CREATE TABLE organisation (
  id TEXT NOT NULL PRIMARY KEY REFERENCES body (id),
  reference TEXT NOT NULL UNIQUE,
  legal_form TEXT NOT NULL,
  country TEXT NOT NULL,
  registration_no TEXT,
  website TEXT,
  about TEXT,
  fields TEXT NOT NULL,
  government TEXT,
  district TEXT,
  capabilities TEXT NOT NULL,
  status TEXT NOT NULL,
  verified_until TEXT,
  verified_by TEXT,
  reason TEXT,
  applicant TEXT,
  purpose TEXT NOT NULL,
  letter TEXT NOT NULL,
  imported_in TEXT,
  made_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  illustrative BOOLEAN NOT NULL
);
CREATE INDEX organisation_status ON organisation (status, made_at);
-- The competent department of each field (R62).
CREATE TABLE department (
  field TEXT NOT NULL PRIMARY KEY,
  body TEXT NOT NULL REFERENCES body (id),
  since BIGINT NOT NULL,
  version BIGINT NOT NULL
);
-- What was promised, and how it was kept: fed by events, the formula is public (decision 9.9).
CREATE TABLE promise (
  object_id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  body TEXT,
  account TEXT,
  made_at BIGINT NOT NULL,
  due BIGINT,
  settled_at BIGINT,
  outcome TEXT
);
CREATE INDEX promise_body ON promise (body);
CREATE INDEX promise_account ON promise (account);
