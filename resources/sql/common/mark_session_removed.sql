-- SPDX-License-Identifier: Apache-2.0
-- From here on nothing shows it, and its id is free.
UPDATE session SET removed_uid = uid, uid = '/' || CAST(id AS TEXT)
WHERE uid = :uid AND removed_uid IS NULL AND open_calls = 0 RETURNING id
