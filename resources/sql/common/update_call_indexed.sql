-- SPDX-License-Identifier: Apache-2.0
UPDATE call SET unindexed = :unindexed WHERE id = :call
