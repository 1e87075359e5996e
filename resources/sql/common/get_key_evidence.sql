-- SPDX-License-Identifier: Apache-2.0
SELECT at_us, key_id FROM evidence_key WHERE id = :id
