-- SPDX-License-Identifier: Apache-2.0
DELETE FROM search_words WHERE id = :text AND CAST(:words AS TEXT) IS NOT NULL
