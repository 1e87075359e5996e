-- SPDX-License-Identifier: Apache-2.0
-- Calls of which the database refused a part again and again, and why.
CREATE TABLE rejected_call (
    uid BYTEA PRIMARY KEY,
    reason TEXT NOT NULL
);
--;
-- Their records as the journal had them, by their place there.
CREATE TABLE rejected_record (
    producer BIGINT NOT NULL,
    segment BIGINT NOT NULL,
    position BIGINT NOT NULL,
    call_uid BYTEA NOT NULL,
    data BYTEA NOT NULL,
    PRIMARY KEY (producer, segment, position)
);
--;
CREATE INDEX rejected_record_by_call ON rejected_record (call_uid);
