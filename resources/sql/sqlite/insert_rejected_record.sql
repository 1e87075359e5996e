-- SPDX-License-Identifier: Apache-2.0
INSERT INTO rejected_record (producer, segment, position, call_uid, data)
VALUES (:producer, :segment, :position, :call, :data)
ON CONFLICT (producer, segment, position) DO NOTHING
