-- The most units a maker gives in all, over the needs of a call and over all calls of one unit that are not over yet.
ALTER TABLE offer ADD COLUMN most BIGINT;
-- An award says which units it is for, what the whole offer asked, and why its sum is another than the units come to.
ALTER TABLE award ADD COLUMN asked_minor BIGINT;
ALTER TABLE award ADD COLUMN amount_reason TEXT;
UPDATE award SET asked_minor = amount_minor;
CREATE TABLE award_line (
  award TEXT NOT NULL REFERENCES award (id),
  need TEXT NOT NULL REFERENCES need (id),
  units BIGINT NOT NULL,
  PRIMARY KEY (award, need)
);
-- What a plan comes to, to lay plans side by side without reading all their lines.
ALTER TABLE allocation ADD COLUMN objective TEXT;
ALTER TABLE allocation ADD COLUMN missing TEXT;
ALTER TABLE allocation ADD COLUMN proved BOOLEAN;
ALTER TABLE allocation ADD COLUMN pairs BIGINT;
