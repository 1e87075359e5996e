-- SPDX-License-Identifier: Apache-2.0
SELECT count(*) FROM (SELECT id FROM search_words WHERE words @@ CAST(CAST(:words AS TEXT) AS TSQUERY) LIMIT :limit) AS found
