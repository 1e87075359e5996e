-- SPDX-License-Identifier: Apache-2.0
DELETE FROM search_content WHERE content_id = :content
