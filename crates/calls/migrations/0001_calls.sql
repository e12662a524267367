-- Calls, needs, offers under seal, the panel, allocations, awards.
CREATE TABLE call (
  id TEXT NOT NULL PRIMARY KEY,
  plan_item TEXT NOT NULL,
  relation TEXT,
  field TEXT NOT NULL,
  district TEXT,
  title TEXT NOT NULL,
  brief TEXT NOT NULL,
  who TEXT NOT NULL,
  status TEXT NOT NULL,
  mode TEXT NOT NULL,
  opens_at BIGINT NOT NULL,
  closes_at BIGINT NOT NULL,
  opened_at BIGINT,
  opened_by TEXT,
  decided_at BIGINT,
  currency TEXT NOT NULL,
  ceiling BIGINT,
  work_from TEXT NOT NULL,
  work_until TEXT NOT NULL,
  languages TEXT NOT NULL,
  criteria TEXT NOT NULL,
  weights TEXT NOT NULL,
  guiding TEXT NOT NULL,
  made_by TEXT,
  made_at BIGINT NOT NULL,
  published_at BIGINT,
  reason TEXT,
  illustrative BOOLEAN NOT NULL,
  version BIGINT NOT NULL
);
CREATE INDEX call_status ON call (status, closes_at, id);
CREATE INDEX call_plan_item ON call (plan_item);
CREATE INDEX call_guiding ON call (guiding, status);
CREATE TABLE need (
  id TEXT NOT NULL PRIMARY KEY,
  call TEXT NOT NULL REFERENCES call (id),
  position BIGINT NOT NULL,
  title TEXT NOT NULL,
  channel TEXT NOT NULL,
  min BIGINT NOT NULL,
  max BIGINT NOT NULL,
  unit TEXT NOT NULL,
  priority BIGINT NOT NULL
);
CREATE INDEX need_call ON need (call, position);
-- One offer per maker and call. What is typed is kept in draft as typed; the other columns are written when it is submitted.
CREATE TABLE offer (
  id TEXT NOT NULL PRIMARY KEY,
  call TEXT NOT NULL REFERENCES call (id),
  maker TEXT NOT NULL,
  body TEXT,
  account TEXT,
  made_by TEXT,
  status TEXT NOT NULL,
  draft TEXT NOT NULL,
  saved_at BIGINT NOT NULL,
  summary TEXT,
  plan TEXT,
  spend TEXT,
  people TEXT,
  starts TEXT,
  ends TEXT,
  asked_minor BIGINT,
  currency TEXT NOT NULL,
  in_kind TEXT NOT NULL,
  in_kind_note TEXT,
  languages TEXT NOT NULL,
  conflict_note TEXT,
  seal TEXT,
  submitted_at BIGINT,
  reason TEXT,
  shortlisted BOOLEAN NOT NULL,
  imported BOOLEAN NOT NULL,
  illustrative BOOLEAN NOT NULL,
  version BIGINT NOT NULL,
  UNIQUE (call, maker)
);
CREATE INDEX offer_body ON offer (body, id);
CREATE INDEX offer_account ON offer (account, id);
CREATE TABLE offer_line (
  offer TEXT NOT NULL REFERENCES offer (id),
  need TEXT NOT NULL REFERENCES need (id),
  units BIGINT NOT NULL,
  PRIMARY KEY (offer, need)
);
CREATE INDEX offer_line_need ON offer_line (need);
CREATE TABLE panel_seat (
  call TEXT NOT NULL REFERENCES call (id),
  account TEXT NOT NULL,
  lead BOOLEAN NOT NULL,
  conflict TEXT,
  struck TEXT,
  scored_at BIGINT,
  seated_at BIGINT NOT NULL,
  PRIMARY KEY (call, account)
);
CREATE INDEX panel_seat_account ON panel_seat (account, call);
CREATE TABLE score (
  offer TEXT NOT NULL REFERENCES offer (id),
  account TEXT NOT NULL,
  criterion TEXT NOT NULL,
  points BIGINT NOT NULL,
  note TEXT,
  at BIGINT NOT NULL,
  PRIMARY KEY (offer, account, criterion)
);
CREATE TABLE allocation (
  id TEXT NOT NULL PRIMARY KEY,
  call TEXT NOT NULL REFERENCES call (id),
  number BIGINT NOT NULL,
  status TEXT NOT NULL,
  weights TEXT NOT NULL,
  pins TEXT NOT NULL,
  result TEXT NOT NULL,
  made_by TEXT,
  made_at BIGINT NOT NULL,
  published_at BIGINT,
  illustrative BOOLEAN NOT NULL,
  version BIGINT NOT NULL,
  UNIQUE (call, number)
);
-- One award per offer, whoever clicks twice or at once.
CREATE TABLE award (
  id TEXT NOT NULL PRIMARY KEY,
  call TEXT NOT NULL REFERENCES call (id),
  offer TEXT NOT NULL UNIQUE REFERENCES offer (id),
  mode TEXT NOT NULL,
  reason TEXT NOT NULL,
  amount_minor BIGINT,
  currency TEXT NOT NULL,
  decided_by TEXT,
  at BIGINT NOT NULL,
  illustrative BOOLEAN NOT NULL
);
CREATE INDEX award_call ON award (call);
