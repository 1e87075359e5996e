-- SPDX-License-Identifier: Apache-2.0
DELETE FROM mention WHERE (content_id, call_id) IN
  (SELECT content_id, call_id FROM mention WHERE content_id > 0 ORDER BY content_id LIMIT :limit)
RETURNING call_id
