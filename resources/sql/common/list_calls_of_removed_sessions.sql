-- SPDX-License-Identifier: Apache-2.0
SELECT call.id, call.session_id FROM session CROSS JOIN call -- in this order, so that few sessions lead
WHERE session.removed_uid IS NOT NULL AND call.session_id = session.id AND call.removal <> 3
  AND call.instance_id = :instance
LIMIT :limit
