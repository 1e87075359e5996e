-- SPDX-License-Identifier: Apache-2.0
SELECT id, kind, subject_id, form, sha256, hmac, removal, bodies_removal FROM evidence
WHERE instance_id = :instance AND id > :row ORDER BY id LIMIT :limit
