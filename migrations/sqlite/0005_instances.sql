-- SPDX-License-Identifier: Apache-2.0
-- Several instances may share one database, each with a journal, policies and a chain of evidence of its own. In SQLite
-- there is one, number 1. uid = what the instance's data directory says.
CREATE TABLE instance (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL,
    first_us INTEGER NOT NULL
);
--;
CREATE UNIQUE INDEX instance_by_uid ON instance (uid);
--;
-- Which one recorded the call, and closes it should it break off. store_state.id is an instance's number, too.
ALTER TABLE call ADD COLUMN instance_id INTEGER NOT NULL DEFAULT 1;
--;
ALTER TABLE evidence ADD COLUMN instance_id INTEGER NOT NULL DEFAULT 1;
--;
ALTER TABLE policy ADD COLUMN instance_id INTEGER NOT NULL DEFAULT 1;
--;
ALTER TABLE policy_mode ADD COLUMN instance_id INTEGER NOT NULL DEFAULT 1;
--;
ALTER TABLE policy_change ADD COLUMN instance_id INTEGER NOT NULL DEFAULT 1;
--;
ALTER TABLE approval_rule ADD COLUMN instance_id INTEGER NOT NULL DEFAULT 1;
--;
CREATE TABLE new_journal_position (
    instance_id INTEGER NOT NULL,
    producer INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (instance_id, producer)
) WITHOUT ROWID;
--;
INSERT INTO new_journal_position (instance_id, producer, segment, position)
SELECT 1, producer, segment, position FROM journal_position;
--;
DROP TABLE journal_position;
--;
ALTER TABLE new_journal_position RENAME TO journal_position;
--;
CREATE TABLE new_rejected_record (
    instance_id INTEGER NOT NULL,
    producer INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    position INTEGER NOT NULL,
    call_uid BLOB NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (instance_id, producer, segment, position)
);
--;
INSERT INTO new_rejected_record (instance_id, producer, segment, position, call_uid, data)
SELECT 1, producer, segment, position, call_uid, data FROM rejected_record;
--;
DROP TABLE rejected_record;
--;
ALTER TABLE new_rejected_record RENAME TO rejected_record;
--;
CREATE INDEX rejected_record_by_call ON rejected_record (call_uid);
--;
DROP INDEX policy_change_by_policy;
--;
CREATE INDEX policy_change_by_policy ON policy_change (instance_id, policy_id, id);
--;
-- What a reader sees of a session.
CREATE VIEW session_row AS
SELECT session.id, session.uid, session.client, session.agent, session.preview, session.calls, session.open_calls,
       session.turns, session.first_us, session.last_us, session.last_status, session.input_tokens,
       session.output_tokens, session.cost_nano_usd, session.block_decisions, session.replace_decisions,
       session.hold_decisions, session.shadow_decisions,
       (SELECT json_group_array(model) FROM (SELECT model FROM session_model
                                             WHERE session_model.session_id = session.id ORDER BY model)) AS models
FROM session;
