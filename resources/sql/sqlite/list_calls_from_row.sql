-- SPDX-License-Identifier: Apache-2.0
SELECT id, status FROM call WHERE id > :row ORDER BY id LIMIT :limit
