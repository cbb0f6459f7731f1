-- What people labelled by hand.

-- Texts that were labelled, as they stood when labelling began: spans of labels point into them.
CREATE TABLE label_texts (
    sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64), -- hash of the document's bytes
    document TEXT NOT NULL, -- path of the file within the study, or name of an imported one
    text TEXT NOT NULL -- normalised text
) STRICT;

-- A person's labels of one text. The labeller "adjudicated" stands for what was decided between several.
CREATE TABLE label_sheets (
    sha256 TEXT NOT NULL REFERENCES label_texts (sha256) ON DELETE CASCADE, -- the text
    labeller TEXT NOT NULL CHECK (length(labeller) > 0), -- name of the person
    revision INTEGER NOT NULL CHECK (revision > 0), -- times that it was saved
    done INTEGER NOT NULL CHECK (done IN (0, 1)), -- 1 = the labeller said that it is finished
    PRIMARY KEY (sha256, labeller)
) STRICT;

-- One label: a value of the codebook.
CREATE TABLE labels (
    sha256 TEXT NOT NULL, -- the text
    labeller TEXT NOT NULL, -- name of the person
    key TEXT NOT NULL, -- path of the value: defendants[0].verdict
    value TEXT NOT NULL, -- the value as JSON; null = the text does not say
    PRIMARY KEY (sha256, labeller, key),
    FOREIGN KEY (sha256, labeller) REFERENCES label_sheets (sha256, labeller) ON DELETE CASCADE
) STRICT;

-- Words of the text that bear a label.
CREATE TABLE label_evidence (
    sha256 TEXT NOT NULL, -- the text
    labeller TEXT NOT NULL, -- name of the person
    key TEXT NOT NULL, -- path of the value
    quote_start INTEGER NOT NULL CHECK (quote_start >= 0), -- code points before the quote
    quote_end INTEGER NOT NULL CHECK (quote_end > quote_start), -- code points before the end of the quote
    quote TEXT NOT NULL, -- the words
    PRIMARY KEY (sha256, labeller, key, quote_start, quote_end),
    FOREIGN KEY (sha256, labeller) REFERENCES label_sheets (sha256, labeller) ON DELETE CASCADE
) STRICT;
