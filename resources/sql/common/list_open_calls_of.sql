-- SPDX-License-Identifier: Apache-2.0
SELECT call.id, call.uid, session.uid AS session_uid, call.status,
       coalesce((SELECT seq + events FROM block WHERE block.call_id = call.id ORDER BY seq DESC LIMIT 1), 0) AS next_seq
FROM call JOIN session ON session.id = call.session_id
WHERE call.status = 0 AND call.instance_id = :of AND call.id > :after
ORDER BY call.id LIMIT :limit
