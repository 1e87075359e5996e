-- SPDX-License-Identifier: Apache-2.0
SELECT seq, events, start_us, raw_bytes, codec, data FROM block WHERE call_id = :call ORDER BY seq DESC LIMIT 1
