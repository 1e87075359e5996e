-- SPDX-License-Identifier: Apache-2.0
SELECT search_words.rowid AS text, call.id AS call, call.uid AS call_uid, session.uid AS session_uid, call.started_us, search_content.source
FROM search_words
CROSS JOIN search_content ON search_content.content_id = search_words.rowid >> 3
CROSS JOIN mention ON mention.content_id = search_content.content_id
CROSS JOIN call ON call.id = mention.call_id
CROSS JOIN session ON session.id = call.session_id
WHERE search_words MATCH :words
  AND call.removal = 0 AND session.removed_uid IS NULL
ORDER BY search_words.rank, search_words.rowid DESC, mention.call_id DESC LIMIT :limit OFFSET :offset
