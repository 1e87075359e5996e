-- SPDX-License-Identifier: Apache-2.0
SELECT seq, events, start_us, raw_bytes, codec, data
FROM block
WHERE call_id = :call
  AND seq >= coalesce((SELECT max(seq) FROM block WHERE call_id = :call AND seq <= :from), 0)
ORDER BY seq
LIMIT :limit
