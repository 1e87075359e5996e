-- SPDX-License-Identifier: Apache-2.0
SELECT started_us, id FROM call WHERE (started_us, id) > (:micros, :row) ORDER BY started_us, id LIMIT :limit
