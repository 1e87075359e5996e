-- SPDX-License-Identifier: Apache-2.0
SELECT source, kinds, is_cut, words_hash FROM search_content WHERE content_id = :content
