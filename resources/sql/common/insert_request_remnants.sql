-- SPDX-License-Identifier: Apache-2.0
INSERT INTO remnant (kind, id)
SELECT 1, headers_content_id FROM request WHERE call_id = :call
UNION SELECT 1, opening_content_id FROM request WHERE call_id = :call
UNION SELECT 1, closing_content_id FROM request WHERE call_id = :call AND closing_content_id IS NOT NULL
UNION SELECT 2, head_node_id FROM request WHERE call_id = :call AND head_node_id IS NOT NULL
ON CONFLICT DO NOTHING
