-- SPDX-License-Identifier: Apache-2.0
DELETE FROM search_content WHERE content_id IN
  (SELECT content_id FROM search_content WHERE content_id > 0 ORDER BY content_id LIMIT :limit)
RETURNING content_id
