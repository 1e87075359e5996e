-- SPDX-License-Identifier: Apache-2.0
INSERT INTO search_words (id, words) VALUES (:text, CAST(:words AS TSVECTOR))
