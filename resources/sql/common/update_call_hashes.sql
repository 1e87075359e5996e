-- SPDX-License-Identifier: Apache-2.0
-- Keeps what the texts of a call hash to, before they go.
UPDATE call SET
    reply_sha256 = coalesce((SELECT hash FROM content WHERE content.id = call.reply_content_id), reply_sha256),
    sent_reply_sha256 = coalesce((SELECT hash FROM content WHERE content.id = call.sent_reply_content_id), sent_reply_sha256)
WHERE id = :row
