-- Judgments that stand in the study more than once.

-- What a judgment's text looks like, to find its likes without comparing each to each (MinHash, base/similar.h).
CREATE TABLE signatures (
    judgment_id INTEGER PRIMARY KEY REFERENCES judgments (judgment_id) ON DELETE CASCADE, -- the judgment
    signature TEXT NOT NULL CHECK (length(signature) = 1024) -- 128 hashes of 8 hexadecimal digits
) STRICT;

-- Judgments that repeat another one: the same decision as another file, a scan, another format. They count for nothing.
CREATE TABLE duplicates (
    judgment_id INTEGER PRIMARY KEY REFERENCES judgments (judgment_id) ON DELETE CASCADE, -- the copy
    original_id INTEGER NOT NULL REFERENCES judgments (judgment_id) ON DELETE CASCADE, -- the one that counts
    similarity REAL NOT NULL CHECK (similarity BETWEEN 0 AND 1) -- share of their runs of five words that is in both
) STRICT;

CREATE INDEX duplicates_by_original ON duplicates (original_id);
