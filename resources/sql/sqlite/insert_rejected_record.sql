-- SPDX-License-Identifier: Apache-2.0
INSERT INTO rejected_record (instance_id, producer, segment, position, call_uid, data)
VALUES (:instance, :producer, :segment, :position, :call, :data)
ON CONFLICT (instance_id, producer, segment, position) DO NOTHING
