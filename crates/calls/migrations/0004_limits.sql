-- A limit for each unit of measure: counted in the unit of this need. `offer.most` stays: one number for each unit alike.
CREATE TABLE offer_limit (
  offer TEXT NOT NULL REFERENCES offer (id),
  need TEXT NOT NULL REFERENCES need (id),
  most BIGINT NOT NULL,
  PRIMARY KEY (offer, need)
);
-- Limits and what is given are looked up by maker, over all calls.
CREATE INDEX offer_maker ON offer (maker);
-- The field of a need, where it is another than the call's; and what a person in their own name says of themselves.
ALTER TABLE need ADD COLUMN field TEXT;
ALTER TABLE offer ADD COLUMN near BOOLEAN;
ALTER TABLE offer ADD COLUMN fields TEXT;
