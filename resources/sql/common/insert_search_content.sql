-- SPDX-License-Identifier: Apache-2.0
INSERT INTO search_content (content_id, source, kinds, is_cut, words_hash)
VALUES (:content, :source, :kinds, :is_cut, :words_hash)
ON CONFLICT (content_id) DO NOTHING
