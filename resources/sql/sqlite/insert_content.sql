-- SPDX-License-Identifier: Apache-2.0
INSERT INTO content (hash, raw_bytes, codec, data) VALUES (:hash, :raw_bytes, :codec, :data)
ON CONFLICT (hash) DO NOTHING
RETURNING id
