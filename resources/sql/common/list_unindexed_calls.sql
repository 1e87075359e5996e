-- SPDX-License-Identifier: Apache-2.0
SELECT id, unindexed, api, head_node_id, fresh_from, message_count, reply_content_id
FROM call WHERE instance_id = :instance AND (unindexed & 3) <> 0 ORDER BY id LIMIT :limit
