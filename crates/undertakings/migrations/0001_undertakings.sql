-- What was awarded and is carried out: terms, milestones, deliverables, money (R64 to R73).
CREATE TABLE undertaking (
  id TEXT NOT NULL PRIMARY KEY,
  award TEXT NOT NULL UNIQUE,
  call TEXT NOT NULL,
  plan_item TEXT NOT NULL,
  relation TEXT,
  partner TEXT,
  field TEXT NOT NULL,
  district TEXT,
  body TEXT,
  account TEXT,
  mode TEXT NOT NULL,
  reason TEXT NOT NULL,
  guiding TEXT NOT NULL,
  title TEXT NOT NULL,
  responsible TEXT NOT NULL,
  status TEXT NOT NULL,
  currency TEXT NOT NULL,
  -- The sum of all instalments that are not refused; the store itself keeps it within the budget.
  budget BIGINT NOT NULL CHECK (budget >= 0),
  promised BIGINT NOT NULL CHECK (promised >= 0 AND promised <= budget),
  starts TEXT NOT NULL,
  ends TEXT NOT NULL,
  agreed_by TEXT NOT NULL,
  agreed_body TEXT,
  agreed_at BIGINT NOT NULL,
  started_by TEXT,
  started_body TEXT,
  started_at BIGINT,
  ended_by TEXT,
  ended_body TEXT,
  ended_at BIGINT,
  end_reason TEXT,
  money_public_at BIGINT,
  version BIGINT NOT NULL,
  illustrative BOOLEAN NOT NULL,
  CHECK (body IS NOT NULL OR account IS NOT NULL),
  CHECK (body IS NULL OR body <> guiding)
);
CREATE INDEX undertaking_plan_item ON undertaking (plan_item);
CREATE INDEX undertaking_body ON undertaking (body);
CREATE INDEX undertaking_account ON undertaking (account);
CREATE INDEX undertaking_guiding ON undertaking (guiding, status);
CREATE TABLE budget_line (
  id TEXT NOT NULL PRIMARY KEY,
  undertaking TEXT NOT NULL REFERENCES undertaking (id),
  title TEXT NOT NULL,
  amount BIGINT NOT NULL,
  position BIGINT NOT NULL
);
CREATE INDEX budget_line_undertaking ON budget_line (undertaking);
CREATE TABLE milestone (
  id TEXT NOT NULL PRIMARY KEY,
  undertaking TEXT NOT NULL REFERENCES undertaking (id),
  title TEXT NOT NULL,
  due TEXT NOT NULL,
  status TEXT NOT NULL,
  accepted_on TEXT,
  position BIGINT NOT NULL,
  UNIQUE (undertaking, position)
);
CREATE TABLE deliverable (
  id TEXT NOT NULL PRIMARY KEY,
  milestone TEXT NOT NULL REFERENCES milestone (id),
  round BIGINT NOT NULL,
  text TEXT NOT NULL,
  handed_by TEXT NOT NULL,
  handed_body TEXT,
  handed_at BIGINT NOT NULL,
  verdict TEXT NOT NULL,
  verdict_by TEXT,
  verdict_body TEXT,
  verdict_at BIGINT,
  verdict_reason TEXT,
  UNIQUE (milestone, round)
);
CREATE TABLE instalment (
  id TEXT NOT NULL PRIMARY KEY,
  undertaking TEXT NOT NULL REFERENCES undertaking (id),
  milestone TEXT REFERENCES milestone (id),
  amount BIGINT NOT NULL CHECK (amount > 0),
  currency TEXT NOT NULL,
  position BIGINT NOT NULL,
  status TEXT NOT NULL,
  note TEXT,
  requested_by TEXT,
  requested_body TEXT,
  requested_at BIGINT,
  approved_by TEXT,
  approved_body TEXT,
  approved_at BIGINT,
  paid_by TEXT,
  paid_body TEXT,
  paid_at BIGINT,
  paid_reference TEXT,
  refused_by TEXT,
  refused_body TEXT,
  refused_at BIGINT,
  reason TEXT,
  version BIGINT NOT NULL,
  UNIQUE (undertaking, position),
  CHECK (approved_by IS NULL OR approved_by <> requested_by),
  CHECK (paid_by IS NULL OR (paid_by <> approved_by AND paid_by <> requested_by))
);
CREATE INDEX instalment_undertaking ON instalment (undertaking);
CREATE TABLE amendment (
  id TEXT NOT NULL PRIMARY KEY,
  undertaking TEXT NOT NULL REFERENCES undertaking (id),
  change TEXT NOT NULL,
  reason TEXT NOT NULL,
  side TEXT NOT NULL,
  status TEXT NOT NULL,
  proposed_by TEXT NOT NULL,
  proposed_body TEXT,
  proposed_at BIGINT NOT NULL,
  decided_by TEXT,
  decided_body TEXT,
  decided_at BIGINT,
  decision_reason TEXT
);
CREATE INDEX amendment_undertaking ON amendment (undertaking);
-- Awards that wait for their terms: kept from the calls' events, for the officers' queue.
CREATE TABLE awaiting_terms (
  award TEXT NOT NULL PRIMARY KEY,
  call TEXT NOT NULL,
  plan_item TEXT NOT NULL,
  body TEXT,
  account TEXT,
  mode TEXT NOT NULL,
  guiding TEXT NOT NULL,
  at BIGINT NOT NULL
);
-- Evaluators, as the evaluation's events tell: they read the inside of what they judge.
CREATE TABLE undertaking_onlooker (
  undertaking TEXT NOT NULL,
  account TEXT NOT NULL,
  PRIMARY KEY (undertaking, account)
);
