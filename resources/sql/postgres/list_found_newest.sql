-- SPDX-License-Identifier: Apache-2.0
SELECT search_words.id AS text, call.id AS call, call.uid AS call_uid, session.uid AS session_uid, call.started_us, search_content.source
FROM search_words
JOIN search_content ON search_content.content_id = search_words.id >> 3
JOIN mention ON mention.content_id = search_content.content_id
JOIN call ON call.id = mention.call_id
JOIN session ON session.id = call.session_id
WHERE search_words.words @@ CAST(:words AS TSQUERY)
  AND search_words.id <= CAST(:text AS BIGINT)
  AND (search_words.id < CAST(:text AS BIGINT) OR mention.call_id > CAST(:call AS BIGINT))
  AND call.removal = 0 AND session.removed_uid IS NULL
ORDER BY search_words.id DESC, mention.call_id LIMIT :limit
