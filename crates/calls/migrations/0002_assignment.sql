-- Work handed to one named party without a call for offers: asked, then accepted or declined by it (R65, R66). The call
-- itself keeps what the work is; its status says how far it got.
CREATE TABLE assignment (
  call TEXT NOT NULL PRIMARY KEY REFERENCES call (id),
  body TEXT,
  account TEXT,
  reason TEXT NOT NULL,
  answer_by BIGINT NOT NULL,
  assigned_by TEXT,
  answer TEXT NOT NULL,
  answered_by TEXT,
  answered_at BIGINT,
  CHECK (body IS NOT NULL OR account IS NOT NULL)
);
CREATE INDEX assignment_body ON assignment (body, answer);
CREATE INDEX assignment_account ON assignment (account, answer);
