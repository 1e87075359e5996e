-- SPDX-License-Identifier: Apache-2.0
-- Of the calls that have their texts.
SELECT id, started_us, head_node_id, uid, message_count, fresh_from FROM call
WHERE session_id = :session AND (started_us, id) > (:micros, :row) AND removal = 0 AND head_node_id IS NOT NULL
ORDER BY started_us, id LIMIT :limit
