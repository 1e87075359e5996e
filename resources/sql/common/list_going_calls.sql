-- SPDX-License-Identifier: Apache-2.0
SELECT id, session_id, uid, removal, started_us FROM call
WHERE removal IN (1, 3) AND instance_id = :instance ORDER BY id LIMIT :limit
