-- SPDX-License-Identifier: Apache-2.0
SELECT CAST(coalesce(sum(session_count), 0) AS BIGINT) AS sessions FROM store_state
