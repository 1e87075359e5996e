-- SPDX-License-Identifier: Apache-2.0
-- What a link is about may be removed; the link stays. removal = number of the link that says so, subject_id is then
-- NULL, for the row's number may come again. bodies_removal = number of the link that says that only the texts are gone.
-- hmac = HMAC-SHA-256 of sha256 with the key that was in force.
CREATE TABLE new_evidence (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    subject_id INTEGER,
    form INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    hmac BLOB,
    instance_id INTEGER NOT NULL DEFAULT 1,
    removal INTEGER,
    bodies_removal INTEGER
);
--;
INSERT INTO new_evidence (id, kind, subject_id, form, sha256, hmac, instance_id)
SELECT id, kind, subject_id, form, sha256, hmac, instance_id FROM evidence;
--;
DROP TABLE evidence;
--;
ALTER TABLE new_evidence RENAME TO evidence;
--;
CREATE UNIQUE INDEX evidence_by_subject ON evidence (kind, subject_id);
--;
CREATE INDEX evidence_by_removal ON evidence (instance_id, removal, id) WHERE removal IS NOT NULL;
--;
CREATE INDEX evidence_by_bodies_removal ON evidence (instance_id, bodies_removal, id) WHERE bodies_removal IS NOT NULL;
--;
-- Subjects of links of kind 3. reason is RemovalReason; sha256 is over the numbers and hashes of the links whose
-- subjects went.
CREATE TABLE evidence_removal (
    id INTEGER PRIMARY KEY,
    reason INTEGER NOT NULL,
    at_us INTEGER NOT NULL,
    links INTEGER NOT NULL,
    sha256 BLOB NOT NULL
);
--;
-- Subjects of links of kind 4: with which key links are signed from there on. '' = they are not.
CREATE TABLE evidence_key (
    id INTEGER PRIMARY KEY,
    instance_id INTEGER NOT NULL,
    at_us INTEGER NOT NULL,
    key_id TEXT NOT NULL
);
--;
CREATE INDEX evidence_key_by_instance ON evidence_key (instance_id, id);
--;
-- Hashes of texts that were removed; NULL while the text is there.
ALTER TABLE call ADD COLUMN reply_sha256 BLOB;
--;
ALTER TABLE call ADD COLUMN sent_reply_sha256 BLOB;
--;
ALTER TABLE decision ADD COLUMN original_sha256 BLOB;
--;
ALTER TABLE decision ADD COLUMN final_sha256 BLOB;
