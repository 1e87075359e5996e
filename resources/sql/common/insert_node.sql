-- SPDX-License-Identifier: Apache-2.0
INSERT INTO node (parent_id, content_id, gap_bytes, depth, meaning)
VALUES (:parent, :content, :gap_bytes, :depth, :meaning)
ON CONFLICT (parent_id, content_id, gap_bytes) DO NOTHING
RETURNING id
