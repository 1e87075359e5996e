-- SPDX-License-Identifier: Apache-2.0
-- NULL if there are none.
SELECT max(id) FROM (SELECT id FROM call WHERE id > :after ORDER BY id LIMIT :limit) AS asked
