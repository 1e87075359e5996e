-- SPDX-License-Identifier: Apache-2.0
SELECT reply.raw_bytes, reply.codec, reply.data
FROM (SELECT call.id, call.started_us, call.session_id, call.stop_reason, call.removal, call.reply_content_id
      FROM call WHERE (call.started_us, call.id) < (:micros, :row)
      ORDER BY call.started_us DESC, call.id DESC LIMIT :newest) AS found
JOIN session ON session.id = found.session_id
JOIN content AS reply ON reply.id = found.reply_content_id
WHERE found.stop_reason = :tool_use AND found.removal = 0 AND session.removed_uid IS NULL
  AND reply.raw_bytes <= :largest
ORDER BY found.started_us DESC, found.id DESC LIMIT :limit
