-- SPDX-License-Identifier: Apache-2.0
-- What has links: calls that are over and decisions, by link; 0 = it has none.
SELECT coalesce(link.id, 0) AS link, 1 AS kind, call.uid, call.id AS call_row
FROM call LEFT JOIN evidence AS link ON link.kind = 1 AND link.subject_id = call.id
WHERE call.session_id = (SELECT session.id FROM session WHERE session.uid = :session)
  AND call.instance_id = :instance AND call.status <> 0 AND call.removal <> 3
UNION ALL
SELECT coalesce(link.id, 0) AS link, 2 AS kind, decision.uid, call.id AS call_row
FROM decision
JOIN call ON call.id = decision.call_id AND call.instance_id = :instance AND call.removal <> 3
LEFT JOIN evidence AS link ON link.kind = 2 AND link.subject_id = decision.id
WHERE decision.session_id = (SELECT session.id FROM session WHERE session.uid = :session)
ORDER BY link
