-- SPDX-License-Identifier: Apache-2.0
SELECT call.id, call.session_id, session.uid AS session_uid, call.status,
       coalesce((SELECT seq + events FROM block WHERE block.call_id = call.id ORDER BY seq DESC LIMIT 1), 0) AS next_seq,
       (SELECT count(*) FROM block WHERE block.call_id = call.id) AS blocks,
       call.started_us, call.cause_uid IS NOT NULL AS is_ours,
       (SELECT CAST(coalesce(sum(length(data)), 0) AS BIGINT) FROM block WHERE block.call_id = call.id) AS block_bytes
FROM call JOIN session ON session.id = call.session_id
WHERE call.uid = :uid
