-- SPDX-License-Identifier: Apache-2.0
INSERT INTO block (call_id, seq, events, start_us, raw_bytes, codec, data)
VALUES (:call, :seq, :events, :start, :raw_bytes, :codec, :data)
