-- SPDX-License-Identifier: Apache-2.0
SELECT count(*) FROM (SELECT rowid FROM search_words WHERE search_words MATCH :words LIMIT :limit) AS found
