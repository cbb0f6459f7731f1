-- The field system: who works with it, what they record, and the trail of what was done. Instants are whole seconds since
-- 1970-01-01T00:00:00Z. What is called sealed is encrypted (docs/field.md): a nonce, then XChaCha20-Poly1305.

-- The order of changes: a number that grows with each.
CREATE TABLE field_sequence (
    one INTEGER PRIMARY KEY CHECK (one = 1), -- there is one row
    value INTEGER NOT NULL -- the last number given
) STRICT;

INSERT INTO field_sequence (one, value) VALUES (1, 0);

-- Offices that receive referrals.
CREATE TABLE institutions (
    institution_id TEXT PRIMARY KEY CHECK (length(institution_id) > 0), -- short name: cem-lince
    agency TEXT NOT NULL, -- kind of agency, a key of rules/referrals.yaml
    name TEXT NOT NULL, -- as people read it
    district TEXT CHECK (length(district) = 6), -- ubigeo of its seat; missing = not bound to a district
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)) -- 0 = takes no new referrals
) STRICT;

-- People who sign in.
CREATE TABLE accounts (
    account_id TEXT PRIMARY KEY CHECK (length(account_id) = 36), -- UUID
    username TEXT NOT NULL UNIQUE CHECK (length(username) > 0), -- what is typed to sign in; no person's name
    role TEXT NOT NULL CHECK (role IN ('officer', 'supervisor', 'institution', 'researcher', 'administrator',
        'auditor')), -- what the account may do: docs/field.md
    district TEXT CHECK (length(district) = 6), -- ubigeo; of officers and supervisors
    institution_id TEXT REFERENCES institutions (institution_id), -- of people who receive referrals
    password TEXT NOT NULL, -- Argon2id hash with its salt and parameters
    totp BLOB, -- secret of one-time codes, sealed; missing = none
    totp_used INTEGER NOT NULL DEFAULT 0, -- time step of the last code taken: a code works once
    failed INTEGER NOT NULL DEFAULT 0 CHECK (failed >= 0), -- failed sign-ins since the last good one
    locked_until INTEGER NOT NULL DEFAULT 0, -- instant before which no sign-in is tried
    disabled INTEGER NOT NULL DEFAULT 0 CHECK (disabled IN (0, 1)), -- 1 = may not sign in
    must_change INTEGER NOT NULL DEFAULT 0 CHECK (must_change IN (0, 1)), -- 1 = the password was given by somebody else
    created_at INTEGER NOT NULL -- instant
) STRICT;

-- Who is signed in.
CREATE TABLE sessions (
    token BLOB PRIMARY KEY CHECK (length(token) = 32), -- hash of the cookie
    account_id TEXT NOT NULL REFERENCES accounts (account_id) ON DELETE CASCADE, -- whose
    created_at INTEGER NOT NULL, -- instant
    used_at INTEGER NOT NULL, -- instant of use, to a minute
    expires_at INTEGER NOT NULL -- instant at which it ends whatever happens
) STRICT;

CREATE INDEX sessions_by_account ON sessions (account_id);

-- The key of each sealed record, wrapped by a master key that stands outside the store. Without its row a record is
-- unreadable for ever: that is how records are erased.
CREATE TABLE vault_keys (
    record_id TEXT PRIMARY KEY, -- what it opens
    master INTEGER NOT NULL, -- number of the master key that wraps it
    wrapped BLOB NOT NULL -- nonce and wrapped key
) STRICT;

-- What was done, in order; each entry's code covers the one before.
CREATE TABLE audit (
    seq INTEGER PRIMARY KEY CHECK (seq > 0), -- 1, 2, 3 … without gaps
    at INTEGER NOT NULL, -- instant
    actor TEXT NOT NULL, -- account, or how somebody without one came in
    action TEXT NOT NULL, -- what was done
    object TEXT NOT NULL, -- to which record
    detail TEXT NOT NULL, -- reason and circumstances, as JSON; never what a record holds
    mac BLOB NOT NULL CHECK (length(mac) = 32) -- HMAC-SHA256 over the entry and the code before it
) STRICT;

-- The last entry of the trail, so that entries cut off its end are missed.
CREATE TABLE audit_head (
    one INTEGER PRIMARY KEY CHECK (one = 1), -- there is one row
    seq INTEGER NOT NULL, -- number of the last entry
    mac BLOB NOT NULL CHECK (length(mac) = 32) -- HMAC-SHA256 over number and code of the last entry
) STRICT;

-- Incidents as officers recorded them.
CREATE TABLE incidents (
    incident_id TEXT PRIMARY KEY CHECK (length(incident_id) = 36), -- UUID, made by the client
    revision INTEGER NOT NULL CHECK (revision > 0), -- 1, and one more at each change
    sequence INTEGER NOT NULL UNIQUE, -- number of the last change
    district TEXT NOT NULL CHECK (length(district) = 6), -- ubigeo
    recorded_by TEXT NOT NULL REFERENCES accounts (account_id), -- the officer
    occurred_at INTEGER NOT NULL, -- instant
    received_at INTEGER NOT NULL, -- instant at which the first version reached the server
    changed_at INTEGER NOT NULL, -- instant of the last change
    sealed BLOB NOT NULL -- the record as JSON, sealed
) STRICT;

CREATE INDEX incidents_by_district ON incidents (district, sequence);
CREATE INDEX incidents_by_officer ON incidents (recorded_by, sequence);

-- Earlier versions of incidents.
CREATE TABLE incident_versions (
    incident_id TEXT NOT NULL REFERENCES incidents (incident_id) ON DELETE CASCADE, -- the incident
    revision INTEGER NOT NULL CHECK (revision > 0), -- the version
    changed_at INTEGER NOT NULL, -- instant at which it was written
    sealed BLOB NOT NULL, -- the record as JSON, sealed
    PRIMARY KEY (incident_id, revision)
) STRICT;

-- Who a person is: apart from the incident, which knows the person by number only.
CREATE TABLE identities (
    person_id TEXT PRIMARY KEY CHECK (length(person_id) = 36), -- UUID, as in the incident
    incident_id TEXT NOT NULL REFERENCES incidents (incident_id), -- where the person was met
    revision INTEGER NOT NULL CHECK (revision > 0), -- 1, and one more at each change
    district TEXT NOT NULL CHECK (length(district) = 6), -- ubigeo
    recorded_by TEXT NOT NULL REFERENCES accounts (account_id), -- the officer
    changed_at INTEGER NOT NULL, -- instant of the last change
    sealed BLOB NOT NULL -- the identity as JSON, sealed
) STRICT;

CREATE INDEX identities_by_incident ON identities (incident_id);

-- Persons sent on to an office.
CREATE TABLE referrals (
    referral_id TEXT PRIMARY KEY CHECK (length(referral_id) = 36), -- UUID, made by the client
    revision INTEGER NOT NULL CHECK (revision > 0), -- 1, and one more at each change or step
    sequence INTEGER NOT NULL UNIQUE, -- number of the last change
    incident_id TEXT NOT NULL REFERENCES incidents (incident_id), -- where the person was met
    person_id TEXT CHECK (length(person_id) = 36), -- who; missing = the incident as a whole
    district TEXT NOT NULL CHECK (length(district) = 6), -- ubigeo
    recorded_by TEXT NOT NULL REFERENCES accounts (account_id), -- who referred
    institution_id TEXT NOT NULL REFERENCES institutions (institution_id), -- to whom
    state TEXT NOT NULL, -- where it stands: rules/referrals.yaml
    state_at INTEGER NOT NULL, -- instant since when
    due_at INTEGER, -- instant by which the next step is due; missing = none is
    received_at INTEGER NOT NULL, -- instant at which the first version reached the server
    changed_at INTEGER NOT NULL, -- instant of the last change
    sealed BLOB NOT NULL -- the referral as JSON, sealed
) STRICT;

CREATE INDEX referrals_by_district ON referrals (district, sequence);
CREATE INDEX referrals_by_officer ON referrals (recorded_by, sequence);
CREATE INDEX referrals_by_institution ON referrals (institution_id, sequence);
CREATE INDEX referrals_by_incident ON referrals (incident_id);
CREATE INDEX referrals_by_due ON referrals (due_at);

-- The way of a referral: a row a step, the draft included.
CREATE TABLE referral_steps (
    referral_id TEXT NOT NULL REFERENCES referrals (referral_id) ON DELETE CASCADE, -- the referral
    step INTEGER NOT NULL CHECK (step > 0), -- 1, 2 …
    state TEXT NOT NULL, -- where the step led
    at INTEGER NOT NULL, -- instant
    actor TEXT NOT NULL, -- account, or how somebody without one came in
    note BLOB, -- why, sealed; missing = none
    PRIMARY KEY (referral_id, step)
) STRICT;

-- One-time links of hand-over sheets, by which an office without an account answers.
CREATE TABLE handover_links (
    token BLOB PRIMARY KEY CHECK (length(token) = 32), -- hash of the link's secret
    referral_id TEXT NOT NULL REFERENCES referrals (referral_id) ON DELETE CASCADE, -- what it answers
    made_by TEXT NOT NULL REFERENCES accounts (account_id), -- who printed the sheet
    made_at INTEGER NOT NULL, -- instant
    expires_at INTEGER NOT NULL, -- instant
    revoked INTEGER NOT NULL DEFAULT 0 CHECK (revoked IN (0, 1)) -- 1 = a later sheet took its place
) STRICT;

CREATE INDEX handover_links_by_referral ON handover_links (referral_id);

-- What a link was used for: each step once.
CREATE TABLE handover_uses (
    token BLOB NOT NULL REFERENCES handover_links (token) ON DELETE CASCADE, -- the link
    state TEXT NOT NULL, -- the step that it took
    at INTEGER NOT NULL, -- instant
    PRIMARY KEY (token, state)
) STRICT;

-- Encounters, screenings and refusals, counted: no rate without its denominator.
CREATE TABLE encounters (
    encounter_id TEXT PRIMARY KEY CHECK (length(encounter_id) = 36), -- UUID, made by the client
    sequence INTEGER NOT NULL UNIQUE, -- number of the change
    district TEXT NOT NULL CHECK (length(district) = 6), -- ubigeo
    recorded_by TEXT NOT NULL REFERENCES accounts (account_id), -- the officer
    kind TEXT NOT NULL CHECK (kind IN ('encounter', 'screening', 'refusal')), -- what was counted
    number INTEGER NOT NULL CHECK (number > 0), -- how many
    occurred_at INTEGER NOT NULL, -- instant
    received_at INTEGER NOT NULL -- instant
) STRICT;

CREATE INDEX encounters_by_district ON encounters (district, sequence);
CREATE INDEX encounters_by_officer ON encounters (recorded_by, sequence);
