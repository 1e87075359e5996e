-- SPDX-License-Identifier: Apache-2.0
UPDATE evidence SET removal = :removal, subject_id = NULL
WHERE kind = :kind AND subject_id = :subject AND instance_id = :instance RETURNING id, sha256
