-- SPDX-License-Identifier: Apache-2.0
-- A range of one instance: PostgreSQL, which thinks that nearly all calls wait, would go through them by id for it.
SELECT id, unindexed, api, fresh_from, reply_content_id
FROM call WHERE instance_id >= :instance AND instance_id <= :instance AND (unindexed & 3) <> 0
ORDER BY instance_id, id LIMIT :limit
