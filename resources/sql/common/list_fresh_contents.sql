-- SPDX-License-Identifier: Apache-2.0
WITH RECURSIVE chain (parent_id, content_id, depth) AS (
    SELECT parent_id, content_id, depth FROM node WHERE id = :head
    UNION ALL
    SELECT node.parent_id, node.content_id, node.depth FROM chain JOIN node ON node.id = chain.parent_id
    WHERE chain.depth > :from
)
SELECT content_id FROM chain WHERE depth >= :from ORDER BY depth
