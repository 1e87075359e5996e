-- SPDX-License-Identifier: Apache-2.0
INSERT INTO remnant (kind, id)
SELECT 1, reply_content_id FROM call WHERE id = :call AND reply_content_id IS NOT NULL
UNION SELECT 1, sent_reply_content_id FROM call WHERE id = :call AND sent_reply_content_id IS NOT NULL
UNION SELECT 1, original_content_id FROM decision WHERE call_id = :call AND original_content_id IS NOT NULL
UNION SELECT 1, final_content_id FROM decision WHERE call_id = :call AND final_content_id IS NOT NULL
ON CONFLICT DO NOTHING
