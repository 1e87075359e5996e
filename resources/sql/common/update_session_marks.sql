-- SPDX-License-Identifier: Apache-2.0
-- NULL = as it is.
UPDATE session SET pinned = coalesce(CAST(:pinned AS BIGINT), pinned), label = coalesce(CAST(:label AS TEXT), label),
                   note = coalesce(CAST(:note AS TEXT), note)
WHERE uid = :uid AND removed_uid IS NULL RETURNING id
