-- SPDX-License-Identifier: Apache-2.0
SELECT decision.uid FROM decision
JOIN call ON call.id = decision.call_id AND call.instance_id = :instance AND call.removal <> 3
LEFT JOIN evidence ON evidence.kind = 2 AND evidence.subject_id = decision.id
WHERE decision.id > :row AND evidence.id IS NULL ORDER BY decision.id LIMIT 1
