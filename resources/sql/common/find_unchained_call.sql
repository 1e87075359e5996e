-- SPDX-License-Identifier: Apache-2.0
SELECT call.uid FROM call
LEFT JOIN evidence ON evidence.kind = 1 AND evidence.subject_id = call.id
WHERE call.id > :row AND call.instance_id = :instance AND call.status <> 0 AND call.removal <> 3 AND evidence.id IS NULL ORDER BY call.id LIMIT 1
