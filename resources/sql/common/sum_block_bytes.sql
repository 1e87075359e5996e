-- SPDX-License-Identifier: Apache-2.0
SELECT CAST(coalesce(sum(length(data)), 0) AS BIGINT) AS bytes FROM block WHERE call_id = :call
