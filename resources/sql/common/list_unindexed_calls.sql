-- SPDX-License-Identifier: Apache-2.0
SELECT id, unindexed, api, fresh_from, reply_content_id
FROM call WHERE instance_id = :instance AND (unindexed & 3) <> 0 ORDER BY id LIMIT :limit
