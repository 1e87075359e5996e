-- SPDX-License-Identifier: Apache-2.0
SELECT hash, raw_bytes, codec, data, session_id FROM content
WHERE id = :content
  AND NOT EXISTS (SELECT 1 FROM node WHERE node.content_id = :content)
  AND NOT EXISTS (SELECT 1 FROM request WHERE request.headers_content_id = :content)
  AND NOT EXISTS (SELECT 1 FROM request WHERE request.opening_content_id = :content)
  AND NOT EXISTS (SELECT 1 FROM request WHERE request.closing_content_id = :content)
  AND NOT EXISTS (SELECT 1 FROM call WHERE call.reply_content_id = :content)
  AND NOT EXISTS (SELECT 1 FROM call WHERE call.sent_reply_content_id = :content)
  AND NOT EXISTS (SELECT 1 FROM decision WHERE decision.original_content_id = :content)
  AND NOT EXISTS (SELECT 1 FROM decision WHERE decision.final_content_id = :content)
