-- Random samples of judgments to label by hand.

-- Designs of a sample: how the judgments that stood in the store were parted into strata.
CREATE TABLE sampling_designs (
    design_id INTEGER PRIMARY KEY, -- number within this store
    strata TEXT NOT NULL, -- the variables that part the judgments, comma between
    seed TEXT NOT NULL, -- seed of the random order within strata
    reader TEXT NOT NULL, -- reader whose findings part the judgments
    draws INTEGER NOT NULL CHECK (draws >= 0) -- draws made so far
) STRICT;

-- Strata of a design. In each the sample is a simple random one without replacement: drawn of population.
CREATE TABLE sampling_strata (
    design_id INTEGER NOT NULL REFERENCES sampling_designs (design_id) ON DELETE CASCADE, -- the design
    stratum TEXT NOT NULL, -- values of the variables, " / " between
    population INTEGER NOT NULL CHECK (population > 0), -- judgments in it when the design was made
    drawn INTEGER NOT NULL CHECK (drawn >= 0 AND drawn <= population), -- judgments drawn, by all draws
    PRIMARY KEY (design_id, stratum)
) STRICT;

-- Every judgment that a design could draw, in the random order of its stratum: those before the number drawn are in
-- the sample, so that a later draw adds to the earlier ones.
CREATE TABLE sampling_frame (
    design_id INTEGER NOT NULL, -- the design
    stratum TEXT NOT NULL, -- its stratum
    position INTEGER NOT NULL CHECK (position > 0), -- place in the random order
    sha256 TEXT NOT NULL CHECK (length(sha256) = 64), -- hash of the document's bytes
    document TEXT NOT NULL, -- path of the file within the study
    draw INTEGER CHECK (draw > 0), -- the draw that took it; missing = not in the sample
    PRIMARY KEY (design_id, stratum, position),
    UNIQUE (design_id, sha256),
    FOREIGN KEY (design_id, stratum) REFERENCES sampling_strata (design_id, stratum) ON DELETE CASCADE
) STRICT;

-- The sample: each judgment that a draw of any design took.
CREATE TABLE sample (
    sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64), -- hash of the document's bytes
    document TEXT NOT NULL, -- path of the file within the study
    probability REAL NOT NULL CHECK (probability > 0 AND probability <= 1) -- of being in the sample, over all designs
) STRICT;
