-- SPDX-License-Identifier: Apache-2.0
SELECT id, started_us, head_node_id, uid, message_count, fresh_from FROM call
WHERE session_id = :session AND (started_us, id) > (:micros, :row) ORDER BY started_us, id
