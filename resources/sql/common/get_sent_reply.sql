-- SPDX-License-Identifier: Apache-2.0
SELECT content.raw_bytes, content.codec, content.data
FROM call JOIN content ON content.id = call.sent_reply_content_id
WHERE call.uid = :uid
