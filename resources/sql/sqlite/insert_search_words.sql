-- SPDX-License-Identifier: Apache-2.0
INSERT INTO search_words (rowid, words) VALUES (:text, :words)
