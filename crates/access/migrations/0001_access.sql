CREATE TABLE account (
  id TEXT NOT NULL PRIMARY KEY,
  email TEXT,
  email_key TEXT UNIQUE,
  name TEXT NOT NULL,
  lang TEXT NOT NULL,
  zone TEXT NOT NULL,
  password_hash TEXT,
  oidc_issuer TEXT,
  oidc_subject TEXT,
  confirmed_at BIGINT,
  made_at BIGINT NOT NULL,
  erased_at BIGINT,
  illustrative BOOLEAN NOT NULL,
  letters TEXT NOT NULL,
  UNIQUE (oidc_issuer, oidc_subject)
);
-- Anything one can act for. What else an organisation is, its room keeps.
CREATE TABLE body (
  id TEXT NOT NULL PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  field TEXT,
  district TEXT,
  government TEXT,
  home BOOLEAN NOT NULL,
  illustrative BOOLEAN NOT NULL,
  made_at BIGINT NOT NULL,
  ended_at BIGINT
);
CREATE TABLE mandate (
  id TEXT NOT NULL PRIMARY KEY,
  account TEXT NOT NULL REFERENCES account (id),
  body TEXT NOT NULL REFERENCES body (id),
  role TEXT NOT NULL,
  purpose TEXT NOT NULL,
  letter TEXT NOT NULL,
  starts BIGINT NOT NULL,
  until BIGINT,
  granted_by TEXT,
  ended_at BIGINT,
  made_at BIGINT NOT NULL
);
CREATE INDEX mandate_account ON mandate (account);
CREATE INDEX mandate_body ON mandate (body);
CREATE TABLE session (
  id TEXT NOT NULL PRIMARY KEY,
  secret_hash TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL REFERENCES account (id),
  acting TEXT REFERENCES mandate (id),
  made_at BIGINT NOT NULL,
  seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  ended_at BIGINT,
  browser TEXT NOT NULL
);
CREATE INDEX session_account ON session (account);
CREATE TABLE secret_letter (
  secret_hash TEXT NOT NULL PRIMARY KEY,
  purpose TEXT NOT NULL,
  account TEXT NOT NULL REFERENCES account (id),
  made_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT
);
CREATE TABLE oidc_flow (
  state TEXT NOT NULL PRIMARY KEY,
  nonce TEXT NOT NULL,
  verifier TEXT NOT NULL,
  back TEXT NOT NULL,
  expires_at BIGINT NOT NULL
);
CREATE TABLE token (
  id TEXT NOT NULL PRIMARY KEY,
  secret_hash TEXT NOT NULL UNIQUE,
  account TEXT NOT NULL REFERENCES account (id),
  mandate TEXT REFERENCES mandate (id),
  label TEXT NOT NULL,
  scopes TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  ended_at BIGINT
);
CREATE INDEX token_account ON token (account);
CREATE TABLE throttle (
  key TEXT NOT NULL PRIMARY KEY,
  starts BIGINT NOT NULL,
  tries BIGINT NOT NULL
);
