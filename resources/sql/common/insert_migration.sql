-- SPDX-License-Identifier: Apache-2.0
INSERT INTO schema_migration (number, name, hash, applied_us) VALUES (:number, :name, :hash, :applied)
