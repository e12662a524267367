-- Aims set before the start, and what people from outside found (R18, R19, R52).
CREATE TABLE aim (
  id TEXT NOT NULL PRIMARY KEY,
  plan_item TEXT NOT NULL,
  text TEXT NOT NULL,
  measure TEXT NOT NULL,
  target TEXT NOT NULL,
  set_by TEXT NOT NULL,
  set_at BIGINT NOT NULL,
  position BIGINT NOT NULL,
  illustrative BOOLEAN NOT NULL,
  UNIQUE (plan_item, position)
);
CREATE TABLE evaluation (
  id TEXT NOT NULL PRIMARY KEY,
  undertaking TEXT NOT NULL UNIQUE,
  plan_item TEXT NOT NULL,
  relation TEXT,
  field TEXT NOT NULL,
  district TEXT,
  status TEXT NOT NULL,
  due TEXT NOT NULL,
  appointed_by TEXT NOT NULL,
  appointed_at BIGINT NOT NULL,
  summary TEXT,
  drafted_by TEXT,
  drafted_at BIGINT,
  published_by TEXT,
  published_at BIGINT,
  reply TEXT,
  reply_by TEXT,
  reply_at BIGINT,
  version BIGINT NOT NULL,
  illustrative BOOLEAN NOT NULL
);
CREATE INDEX evaluation_plan_item ON evaluation (plan_item);
CREATE TABLE evaluator (
  evaluation TEXT NOT NULL REFERENCES evaluation (id),
  account TEXT NOT NULL,
  body TEXT,
  no_conflict_at BIGINT,
  PRIMARY KEY (evaluation, account)
);
CREATE INDEX evaluator_account ON evaluator (account);
CREATE TABLE finding (
  evaluation TEXT NOT NULL REFERENCES evaluation (id),
  aim TEXT NOT NULL REFERENCES aim (id),
  found TEXT NOT NULL,
  state TEXT NOT NULL,
  note TEXT,
  source TEXT,
  by_account TEXT NOT NULL,
  at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (evaluation, aim)
);
-- Undertakings that came to their end, as their room tells: each waits for evaluators.
CREATE TABLE awaiting_evaluators (
  undertaking TEXT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL
);
