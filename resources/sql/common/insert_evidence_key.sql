-- SPDX-License-Identifier: Apache-2.0
INSERT INTO evidence_key (instance_id, at_us, key_id) VALUES (:instance, :at, :key) RETURNING id
