-- SPDX-License-Identifier: Apache-2.0
SELECT parent_id, content_id, gap_bytes FROM node
WHERE id = :node AND NOT EXISTS (SELECT 1 FROM node AS next WHERE next.parent_id = :node)
  AND NOT EXISTS (SELECT 1 FROM request WHERE request.head_node_id = :node)
