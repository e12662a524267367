-- What every room stands on: once-keys, the journal, outbox and jobs, letters, attachments.
CREATE TABLE once (
  key TEXT NOT NULL PRIMARY KEY,
  account TEXT,
  answer TEXT,
  at BIGINT NOT NULL
);
CREATE INDEX once_at ON once (at);

-- RFC 9162: one leaf per state change, in gapless order.
CREATE TABLE journal (
  seq BIGINT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL,
  account TEXT,
  body TEXT,
  role TEXT NOT NULL,
  via TEXT NOT NULL,
  action TEXT NOT NULL,
  object_kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  detail_hash TEXT NOT NULL,
  leaf_hash TEXT NOT NULL
);
CREATE INDEX journal_object ON journal (object_kind, object_id, seq);
CREATE INDEX journal_account ON journal (account, seq);
-- Kept apart so that personal data can be erased and the log still proves: the leaf holds only a salted hash of this.
CREATE TABLE journal_detail (
  seq BIGINT NOT NULL PRIMARY KEY REFERENCES journal (seq),
  salt TEXT NOT NULL,
  reason TEXT,
  before_json TEXT,
  after_json TEXT
);
CREATE TABLE journal_node (
  level BIGINT NOT NULL,
  idx BIGINT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (level, idx)
);
CREATE TABLE journal_head (
  only_row BIGINT NOT NULL PRIMARY KEY,
  size BIGINT NOT NULL
);
INSERT INTO journal_head (only_row, size) VALUES (1, 0);

CREATE TABLE outbox (
  id TEXT NOT NULL PRIMARY KEY,
  topic TEXT NOT NULL,
  payload TEXT NOT NULL,
  at BIGINT NOT NULL,
  relayed_at BIGINT
);
CREATE INDEX outbox_waiting ON outbox (relayed_at, id);
CREATE TABLE job (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  payload TEXT NOT NULL,
  status TEXT NOT NULL,
  run_at BIGINT NOT NULL,
  attempts BIGINT NOT NULL,
  last_error TEXT,
  locked_until BIGINT,
  made_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE INDEX job_ready ON job (status, run_at);

CREATE TABLE letter (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  to_address TEXT NOT NULL,
  to_name TEXT,
  account TEXT,
  lang TEXT NOT NULL,
  subject TEXT NOT NULL,
  body_text TEXT NOT NULL,
  status TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  released_by TEXT,
  released_at BIGINT,
  sent_at BIGINT,
  attempts BIGINT NOT NULL,
  next_at BIGINT NOT NULL,
  last_error TEXT
);
CREATE INDEX letter_status ON letter (status, next_at);

CREATE TABLE attachment (
  id TEXT NOT NULL PRIMARY KEY,
  object_kind TEXT NOT NULL,
  object_id TEXT NOT NULL,
  file_name TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size BIGINT NOT NULL,
  sha256 TEXT NOT NULL,
  blob_key TEXT NOT NULL,
  account TEXT,
  at BIGINT NOT NULL
);
CREATE INDEX attachment_object ON attachment (object_kind, object_id);
