-- SPDX-License-Identifier: Apache-2.0
-- What is new in a call, with what the index knows of it: of its request (call 0 = leave that out) opening and closing if
-- the conversation begins, its messages from a depth on; its reply (NULL = leave that out). part as in search_content.
-- The bytes come along where that is little.
WITH RECURSIVE asked (opening_id, closing_id, head_id) AS (
    SELECT opening_content_id, closing_content_id, head_node_id FROM request WHERE call_id = :call ORDER BY seq LIMIT 1
), chain (parent_id, content_id, depth) AS (
    SELECT node.parent_id, node.content_id, node.depth FROM asked JOIN node ON node.id = asked.head_id
    UNION ALL
    SELECT node.parent_id, node.content_id, node.depth FROM chain JOIN node ON node.id = chain.parent_id
    WHERE chain.depth > CAST(:from AS BIGINT)
), brought (part, place, content_id) AS (
    SELECT 2, CAST(-2 AS BIGINT), opening_id FROM asked WHERE CAST(:from AS BIGINT) = 0
    UNION ALL
    SELECT 3, -1, closing_id FROM asked WHERE CAST(:from AS BIGINT) = 0 AND closing_id IS NOT NULL
    UNION ALL
    SELECT CASE WHEN CAST(:from AS BIGINT) = 0 THEN 1 ELSE 0 END, depth, content_id
    FROM chain WHERE depth >= CAST(:from AS BIGINT)
    UNION ALL
    SELECT 4, 9223372036854775807, CAST(:reply AS BIGINT) WHERE CAST(:reply AS BIGINT) IS NOT NULL
)
SELECT brought.content_id, brought.part, search_content.source, search_content.kinds, search_content.is_cut,
       search_content.words_hash, content.raw_bytes, content.codec, content.data
FROM brought
LEFT JOIN search_content ON search_content.content_id = brought.content_id
LEFT JOIN content ON content.id = brought.content_id AND content.raw_bytes <= 65536
                  AND search_content.content_id IS NULL AND (SELECT count(*) FROM brought AS counted) <= 16
ORDER BY brought.place
