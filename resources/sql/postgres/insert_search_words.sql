-- SPDX-License-Identifier: Apache-2.0
-- Not what search_content does not tell of: another instance was faster, and read the same bytes in another way.
INSERT INTO search_words (id, words)
SELECT CAST(:text AS BIGINT), CAST(:words AS TSVECTOR)
WHERE EXISTS (SELECT 1 FROM search_content WHERE content_id = CAST(:text AS BIGINT) >> 3
              AND kinds >> CAST(CAST(:text AS BIGINT) & 7 AS INTEGER) & 1 = 1)
ON CONFLICT (id) DO NOTHING
