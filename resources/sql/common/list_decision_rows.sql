-- SPDX-License-Identifier: Apache-2.0
SELECT id FROM decision WHERE call_id = :call ORDER BY seq, id
