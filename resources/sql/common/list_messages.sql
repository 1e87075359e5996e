-- SPDX-License-Identifier: Apache-2.0
WITH RECURSIVE chain (id, parent_id, content_id, gap_bytes, depth) AS (
    SELECT id, parent_id, content_id, gap_bytes, depth FROM node WHERE id = :head
    UNION ALL
    SELECT node.id, node.parent_id, node.content_id, node.gap_bytes, node.depth
    FROM chain JOIN node ON node.id = chain.parent_id
    WHERE chain.depth > :from
)
SELECT chain.id, chain.depth, chain.gap_bytes, content.raw_bytes, content.codec, content.data
FROM chain JOIN content ON content.id = chain.content_id
WHERE chain.depth >= :from AND chain.depth < :until
ORDER BY chain.depth
