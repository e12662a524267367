-- Files whose bytes were laid down and which no row names yet: what stays here for days is swept away.
CREATE TABLE laid_down (
  blob_key TEXT NOT NULL PRIMARY KEY,
  at BIGINT NOT NULL
);
