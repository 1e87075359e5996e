-- SPDX-License-Identifier: Apache-2.0
SELECT id, started_us, head_node_id FROM call
WHERE session_id = :session ORDER BY started_us DESC, id DESC LIMIT :limit
