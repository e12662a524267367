-- The field a note between officers is about: its competent department reads it, too. None: the two offices only.
ALTER TABLE inside_note ADD COLUMN field TEXT;
