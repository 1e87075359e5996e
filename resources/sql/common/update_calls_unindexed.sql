-- SPDX-License-Identifier: Apache-2.0
UPDATE call SET unindexed = 3 WHERE id > :after AND id <= :last
