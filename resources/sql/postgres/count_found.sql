-- SPDX-License-Identifier: Apache-2.0
SELECT count(*) FROM (SELECT id FROM search_words WHERE words @@ CAST(:words AS TSQUERY) LIMIT :limit) AS found
