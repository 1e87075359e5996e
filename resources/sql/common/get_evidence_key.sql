-- SPDX-License-Identifier: Apache-2.0
-- The one in force.
SELECT key_id FROM evidence_key WHERE instance_id = :instance ORDER BY id DESC LIMIT 1
