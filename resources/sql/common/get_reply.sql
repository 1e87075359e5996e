-- SPDX-License-Identifier: Apache-2.0
SELECT content.raw_bytes, content.codec, content.data
FROM call JOIN session ON session.id = call.session_id JOIN content ON content.id = call.reply_content_id
WHERE call.uid = :uid AND session.removed_uid IS NULL AND call.removal = 0
