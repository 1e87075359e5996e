-- SPDX-License-Identifier: Apache-2.0
SELECT id, hash, raw_bytes, codec, data FROM content WHERE id > :row ORDER BY id LIMIT :limit
