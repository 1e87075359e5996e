-- SPDX-License-Identifier: Apache-2.0
INSERT INTO content (hash, raw_bytes, codec, session_id, data) VALUES (:hash, :raw_bytes, :codec, :session, :data)
ON CONFLICT (hash) DO NOTHING
RETURNING id
