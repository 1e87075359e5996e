-- SPDX-License-Identifier: Apache-2.0
WITH RECURSIVE chain (parent_id, content_id, depth) AS (
    SELECT parent_id, content_id, depth FROM node WHERE id = :head
    UNION ALL
    SELECT node.parent_id, node.content_id, node.depth FROM chain JOIN node ON node.id = chain.parent_id
)
SELECT content.hash FROM chain JOIN content ON content.id = chain.content_id ORDER BY chain.depth
