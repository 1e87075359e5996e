-- SPDX-License-Identifier: Apache-2.0
SELECT id, seq, direction FROM request WHERE call_id = :call ORDER BY seq
