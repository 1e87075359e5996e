-- SPDX-License-Identifier: Apache-2.0
SELECT started_us, id FROM call
WHERE session_id = (SELECT session.id FROM session WHERE session.uid = :session) AND (started_us, id) > (:micros, :row)
ORDER BY started_us, id LIMIT :limit
