-- SPDX-License-Identifier: Apache-2.0
SELECT id FROM remnant WHERE kind = :kind ORDER BY id LIMIT 1
