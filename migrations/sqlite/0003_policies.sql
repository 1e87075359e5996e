-- SPDX-License-Identifier: Apache-2.0
-- What policies said about a call, in the order of seq. matched is JSON: [{"pointer","start","end"}].
CREATE TABLE decision (
    id INTEGER PRIMARY KEY,
    uid BLOB NOT NULL,
    call_id INTEGER NOT NULL REFERENCES call (id),
    session_id INTEGER NOT NULL REFERENCES session (id),
    at_us INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    policy_id TEXT NOT NULL,
    policy_version TEXT NOT NULL,
    mode INTEGER NOT NULL,
    verdict INTEGER NOT NULL,
    answered_by INTEGER NOT NULL,
    score REAL,
    reason TEXT NOT NULL,
    agent_text TEXT NOT NULL,
    tool TEXT NOT NULL,
    tool_uid TEXT NOT NULL,
    matched TEXT NOT NULL,
    original_content_id INTEGER REFERENCES content (id),
    final_content_id INTEGER REFERENCES content (id),
    latency_us INTEGER NOT NULL
);
--;
CREATE UNIQUE INDEX decision_by_uid ON decision (uid);
--;
CREATE INDEX decision_by_call ON decision (call_id, seq, id);
--;
CREATE INDEX decision_by_time ON decision (at_us, id);
--;
CREATE INDEX decision_by_session ON decision (session_id, at_us, id);
--;
-- What shadow policies would have done; the other counters hold what was done.
ALTER TABLE session ADD COLUMN shadow_decisions INTEGER NOT NULL DEFAULT 0;
--;
-- What the client got, if that is not what the upstream sent.
ALTER TABLE call ADD COLUMN sent_reply_content_id INTEGER REFERENCES content (id);
--;
-- Policies made in the program, in the order they run; mode counts, not the one in the definition.
CREATE TABLE policy (
    position INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    definition TEXT NOT NULL,
    mode INTEGER NOT NULL
);
--;
-- Modes set in the program for policies of the configuration file.
CREATE TABLE policy_mode (
    id TEXT PRIMARY KEY,
    mode INTEGER NOT NULL
) WITHOUT ROWID;
--;
-- Every definition that was ever in force: what decision.policy_version names.
CREATE TABLE policy_version (
    version TEXT PRIMARY KEY,
    policy_id TEXT NOT NULL,
    definition TEXT NOT NULL,
    first_used_us INTEGER NOT NULL
) WITHOUT ROWID;
--;
-- 1 = the first policies have been offered: one that was deleted since does not come back.
ALTER TABLE store_state ADD COLUMN policies_seeded INTEGER NOT NULL DEFAULT 0;
