-- SPDX-License-Identifier: Apache-2.0
UPDATE call SET removal = :removal, unindexed = 0 WHERE id = :call
