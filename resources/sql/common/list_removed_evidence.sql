-- SPDX-License-Identifier: Apache-2.0
SELECT id, sha256 FROM evidence WHERE instance_id = :instance AND removal = :removal ORDER BY id
