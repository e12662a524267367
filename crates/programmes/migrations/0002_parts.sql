-- Stories kept before their parts named evaluators, offering bodies and the policy line are told anew.
DELETE FROM programme_part;
DELETE FROM programme_story;
