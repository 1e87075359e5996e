-- SPDX-License-Identifier: Apache-2.0
INSERT INTO setting (instance_id, key, value) VALUES (:instance, :key, :value)
ON CONFLICT (instance_id, key) DO UPDATE SET value = excluded.value
