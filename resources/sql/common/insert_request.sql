-- SPDX-License-Identifier: Apache-2.0
INSERT INTO request (call_id, seq, direction, at_us, headers_content_id, opening_content_id, head_node_id,
                     closing_content_id, raw_bytes)
VALUES (:call, :seq, :direction, :at, :headers, :opening, :head_node, :closing, :raw_bytes)
ON CONFLICT (call_id, seq) DO NOTHING
RETURNING id
