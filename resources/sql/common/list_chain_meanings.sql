-- SPDX-License-Identifier: Apache-2.0
WITH RECURSIVE chain (parent_id, meaning) AS (
    SELECT parent_id, meaning FROM node WHERE id = :head
    UNION ALL
    SELECT node.parent_id, node.meaning FROM chain JOIN node ON node.id = chain.parent_id
)
SELECT meaning FROM chain
