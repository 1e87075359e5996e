-- SPDX-License-Identifier: Apache-2.0
SELECT id, sha256, hmac FROM evidence WHERE instance_id = :instance AND id > 0 ORDER BY id DESC LIMIT 1
