-- SPDX-License-Identifier: Apache-2.0
INSERT INTO journal_position (producer, segment, position) VALUES (:producer, :segment, :position)
ON CONFLICT (producer) DO UPDATE SET segment = excluded.segment, position = excluded.position
