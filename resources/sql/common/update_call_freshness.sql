-- SPDX-License-Identifier: Apache-2.0
UPDATE call SET fresh_from = :fresh_from, unindexed = unindexed | 3 WHERE id = :call
