-- SPDX-License-Identifier: Apache-2.0
INSERT INTO policy_version (version, policy_id, definition, first_used_us)
VALUES (:version, :policy, :definition, :first_used)
ON CONFLICT (version) DO NOTHING
