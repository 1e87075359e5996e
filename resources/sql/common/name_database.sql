-- SPDX-License-Identifier: Apache-2.0
-- The name it has, or from now on the one that is given.
UPDATE store_state SET uid = coalesce(uid, CAST(:uid AS TEXT)) WHERE id = :instance RETURNING uid
