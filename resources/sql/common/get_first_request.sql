-- SPDX-License-Identifier: Apache-2.0
SELECT seq, direction, headers_content_id, opening_content_id, head_node_id, closing_content_id, raw_bytes
FROM request WHERE call_id = :call ORDER BY seq LIMIT 1
