-- SPDX-License-Identifier: Apache-2.0
SELECT data FROM rejected_record WHERE call_uid = :call ORDER BY producer, segment, position
