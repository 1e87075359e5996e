-- SPDX-License-Identifier: Apache-2.0
SELECT id, removed_uid FROM session
WHERE removed_uid IS NOT NULL AND NOT EXISTS (SELECT 1 FROM call WHERE call.session_id = session.id)
LIMIT :limit
