-- SPDX-License-Identifier: Apache-2.0
SELECT id, status FROM call WHERE id > :row AND instance_id = :instance ORDER BY id LIMIT :limit
