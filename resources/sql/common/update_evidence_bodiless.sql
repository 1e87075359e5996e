-- SPDX-License-Identifier: Apache-2.0
UPDATE evidence SET bodies_removal = :removal
WHERE kind = :kind AND subject_id = :subject AND instance_id = :instance AND bodies_removal IS NULL RETURNING id, sha256
