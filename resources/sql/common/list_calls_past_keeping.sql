-- SPDX-License-Identifier: Apache-2.0
-- With what is left of them.
SELECT call.id, call.session_id, call.started_us, session.uid FROM call CROSS JOIN session -- in this order, so that the time leads
WHERE session.id = call.session_id AND (call.started_us, call.id) > (:micros, :row) AND call.started_us < :before
  AND call.removal IN (0, 2) AND call.status <> 0 AND session.pinned = 0 AND session.removed_uid IS NULL
  AND call.instance_id = :instance
ORDER BY call.started_us, call.id LIMIT :limit
