-- SPDX-License-Identifier: Apache-2.0
-- Calls of an instance in the order in which they were over.
SELECT evidence.id, call.uid, session.uid AS session_uid, call.status,
       coalesce((SELECT seq + events FROM block WHERE block.call_id = call.id ORDER BY seq DESC LIMIT 1), 0) AS next_seq
FROM evidence JOIN call ON call.id = evidence.subject_id JOIN session ON session.id = call.session_id
WHERE evidence.instance_id = :of AND evidence.id > :after AND evidence.kind = 1
ORDER BY evidence.id LIMIT :limit
