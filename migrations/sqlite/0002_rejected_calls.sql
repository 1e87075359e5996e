-- SPDX-License-Identifier: Apache-2.0
-- Calls of which the database refused a part again and again, and why.
CREATE TABLE rejected_call (
    uid BLOB PRIMARY KEY,
    reason TEXT NOT NULL
) WITHOUT ROWID;
--;
-- Their records as the journal had them, by their place there.
CREATE TABLE rejected_record (
    producer INTEGER NOT NULL,
    segment INTEGER NOT NULL,
    position INTEGER NOT NULL,
    call_uid BLOB NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (producer, segment, position)
);
--;
CREATE INDEX rejected_record_by_call ON rejected_record (call_uid);
