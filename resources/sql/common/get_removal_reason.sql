-- SPDX-License-Identifier: Apache-2.0
-- Of the link with that number, if it is one about a removal.
SELECT evidence_removal.reason FROM evidence JOIN evidence_removal ON evidence_removal.id = evidence.subject_id
WHERE evidence.instance_id = :instance AND evidence.id = :link AND evidence.kind = 3
