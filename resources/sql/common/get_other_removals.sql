-- SPDX-License-Identifier: Apache-2.0
-- Of all other instances.
SELECT CAST(coalesce(sum(removals), 0) AS BIGINT) AS removals FROM store_state WHERE id <> :instance
