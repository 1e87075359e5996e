-- SPDX-License-Identifier: Apache-2.0
UPDATE session SET removed_uid = uid, uid = '/' || CAST(id AS TEXT)
WHERE id = :session AND removed_uid IS NULL AND calls = 0 RETURNING id
