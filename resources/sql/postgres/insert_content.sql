-- SPDX-License-Identifier: Apache-2.0
INSERT INTO content (hash, raw_bytes, codec, session_id, data)
VALUES (:hash, :raw_bytes, :codec, :session,
        coalesce(:data, (SELECT string_agg(staged_part.data, '' ORDER BY staged_part.position) FROM staged_part)))
ON CONFLICT (hash) DO NOTHING
RETURNING id
