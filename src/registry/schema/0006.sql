-- The field system: documentation quality by hand, knowledge tests, trust surveys.

-- Incidents drawn at random to be scored by hand: one row an incident and rater, who knows it by its item's number only.
CREATE TABLE quality_items (
    item_id TEXT PRIMARY KEY CHECK (length(item_id) = 36), -- UUID that tells nothing of the incident
    incident_id TEXT NOT NULL REFERENCES incidents (incident_id) ON DELETE CASCADE, -- the incident
    rater TEXT NOT NULL REFERENCES accounts (account_id), -- who scores it
    probability REAL NOT NULL CHECK (probability > 0 AND probability <= 1), -- of the incident being drawn
    drawn_at INTEGER NOT NULL, -- instant
    scored_at INTEGER, -- instant; missing = not scored yet
    UNIQUE (incident_id, rater)
) STRICT;

CREATE INDEX quality_items_by_rater ON quality_items (rater, scored_at);

-- Scores by hand.
CREATE TABLE quality_scores (
    item_id TEXT NOT NULL REFERENCES quality_items (item_id) ON DELETE CASCADE, -- the item
    criterion TEXT NOT NULL, -- key in rules/quality.yaml
    points INTEGER NOT NULL CHECK (points BETWEEN 0 AND 2), -- 0, 1 or 2
    PRIMARY KEY (item_id, criterion)
) STRICT;

-- Knowledge tests that were sat.
CREATE TABLE knowledge_sittings (
    sitting_id TEXT PRIMARY KEY CHECK (length(sitting_id) = 36), -- UUID, made by the client
    account_id TEXT NOT NULL REFERENCES accounts (account_id), -- who sat it
    wave TEXT NOT NULL CHECK (wave IN ('pre', 'post')), -- before or after the training
    form TEXT NOT NULL CHECK (form IN ('A', 'B')), -- which form
    bank TEXT NOT NULL, -- version of the bank of items
    started_at INTEGER NOT NULL, -- instant
    finished_at INTEGER, -- instant; missing = not finished
    UNIQUE (account_id, wave)
) STRICT;

-- Answers to items.
CREATE TABLE knowledge_answers (
    sitting_id TEXT NOT NULL REFERENCES knowledge_sittings (sitting_id) ON DELETE CASCADE, -- the sitting
    item TEXT NOT NULL, -- id in rules/knowledge.yaml
    position INTEGER NOT NULL CHECK (position > 0), -- place in which it was shown
    answer TEXT, -- key of the option that was chosen; missing = none
    correct INTEGER NOT NULL CHECK (correct IN (0, 1)), -- 1 = right
    PRIMARY KEY (sitting_id, item)
) STRICT;

-- Community surveys of trust; no name or address.
CREATE TABLE surveys (
    survey_id TEXT PRIMARY KEY CHECK (length(survey_id) = 36), -- UUID, made by the client
    district TEXT NOT NULL CHECK (length(district) = 6), -- ubigeo
    wave TEXT NOT NULL CHECK (wave IN ('pre', 'post')), -- before or after the training
    mode TEXT NOT NULL CHECK (mode IN ('in_person', 'telephone', 'self', 'imported')), -- how it was taken
    taken_by TEXT NOT NULL REFERENCES accounts (account_id), -- who took it
    taken_at INTEGER NOT NULL, -- instant
    questionnaire TEXT NOT NULL -- version of rules/trust.yaml
) STRICT;

CREATE INDEX surveys_by_district ON surveys (district, wave);

-- Answers of surveys.
CREATE TABLE survey_answers (
    survey_id TEXT NOT NULL REFERENCES surveys (survey_id) ON DELETE CASCADE, -- the survey
    question TEXT NOT NULL, -- id in rules/trust.yaml
    value INTEGER NOT NULL, -- on the question's scale; a refusal or "does not know" has no row
    PRIMARY KEY (survey_id, question)
) STRICT;
