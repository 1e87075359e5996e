-- SPDX-License-Identifier: Apache-2.0
-- Not once the call was deleted.
INSERT INTO rejected_record (instance_id, producer, segment, position, call_uid, data)
SELECT CAST(:instance AS BIGINT), CAST(:producer AS BIGINT), CAST(:segment AS BIGINT), CAST(:position AS BIGINT),
       rejected_call.uid,
       coalesce(:data, (SELECT string_agg(staged_part.data, '' ORDER BY staged_part.position) FROM staged_part))
FROM rejected_call WHERE rejected_call.uid = :call
ON CONFLICT (instance_id, producer, segment, position) DO NOTHING
