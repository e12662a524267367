-- Which digest letters were made: one a person and period, however often the job runs.
CREATE TABLE digest (
  account TEXT NOT NULL,
  period TEXT NOT NULL,
  made_at BIGINT NOT NULL,
  PRIMARY KEY (account, period)
);
