-- Which offers a member of the panel reads and scores; null: all of them.
ALTER TABLE panel_seat ADD COLUMN readings TEXT;
