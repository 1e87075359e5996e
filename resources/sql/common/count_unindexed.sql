-- SPDX-License-Identifier: Apache-2.0
SELECT count(*) FROM (SELECT id FROM call WHERE instance_id = :instance AND (unindexed & 3) <> 0 LIMIT :limit) AS waiting
