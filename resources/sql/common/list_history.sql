-- SPDX-License-Identifier: Apache-2.0
SELECT call.id, call.uid, session.uid AS session_uid, call.agent, call.parent_agent, call.client, call.client_version,
       call.user_label, call.upstream, call.api, call.path, call.model, call.stream,
       reply.raw_bytes, reply.codec, reply.data, call.started_us
FROM call CROSS JOIN session -- in this order, so that the time leads
LEFT JOIN content AS reply ON reply.id = call.reply_content_id
WHERE session.id = call.session_id
  AND (call.started_us, call.id) >= (:first_us, :first_row) AND (call.started_us, call.id) <= (:last_us, :last_row)
  AND call.status <> 0 AND call.removal = 0 AND session.removed_uid IS NULL AND call.cause_uid IS NULL
ORDER BY call.started_us, call.id
