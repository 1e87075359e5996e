-- SPDX-License-Identifier: Apache-2.0
-- An index without texts must be told what the text was.
INSERT INTO search_words (search_words, rowid, words) VALUES ('delete', :text, :words)
