-- SPDX-License-Identifier: Apache-2.0
INSERT INTO journal_position (instance_id, producer, segment, position)
VALUES (:instance, :producer, :segment, :position)
ON CONFLICT (instance_id, producer) DO UPDATE SET segment = excluded.segment, position = excluded.position
