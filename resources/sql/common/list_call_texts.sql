-- SPDX-License-Identifier: Apache-2.0
WITH RECURSIVE chain (parent_id, content_id) AS (
    SELECT node.parent_id, node.content_id FROM request JOIN node ON node.id = request.head_node_id
    WHERE request.call_id = :call
    UNION
    SELECT node.parent_id, node.content_id FROM chain JOIN node ON node.id = chain.parent_id
)
SELECT content_id FROM chain
UNION SELECT headers_content_id FROM request WHERE call_id = :call
UNION SELECT opening_content_id FROM request WHERE call_id = :call
UNION SELECT closing_content_id FROM request WHERE call_id = :call AND closing_content_id IS NOT NULL
UNION SELECT reply_content_id FROM call WHERE id = :call AND reply_content_id IS NOT NULL
UNION SELECT sent_reply_content_id FROM call WHERE id = :call AND sent_reply_content_id IS NOT NULL
UNION SELECT original_content_id FROM decision WHERE call_id = :call AND original_content_id IS NOT NULL
UNION SELECT final_content_id FROM decision WHERE call_id = :call AND final_content_id IS NOT NULL
