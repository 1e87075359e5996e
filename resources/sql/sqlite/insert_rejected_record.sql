-- SPDX-License-Identifier: Apache-2.0
-- Not once the call was deleted.
INSERT INTO rejected_record (instance_id, producer, segment, position, call_uid, data)
SELECT :instance, :producer, :segment, :position, rejected_call.uid, :data FROM rejected_call WHERE uid = :call
ON CONFLICT (instance_id, producer, segment, position) DO NOTHING
