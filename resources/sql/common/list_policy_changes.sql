-- SPDX-License-Identifier: Apache-2.0
SELECT policy_change.id, policy_change.policy_id, policy_change.version, policy_change.mode, policy_change.at_us,
       policy_change.author, policy_change.source, policy_version.definition
FROM policy_change LEFT JOIN policy_version ON policy_version.version = policy_change.version
WHERE policy_change.instance_id = :instance AND policy_change.policy_id = :policy AND policy_change.id < :row
ORDER BY policy_change.id DESC LIMIT :limit
