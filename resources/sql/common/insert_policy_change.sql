-- SPDX-License-Identifier: Apache-2.0
INSERT INTO policy_change (instance_id, policy_id, version, mode, at_us, author, source)
SELECT :instance, :policy, :version, :mode, :at, :author, :source
WHERE NOT EXISTS (SELECT 1 FROM policy_change AS last
                  WHERE last.id = (SELECT max(id) FROM policy_change
                                  WHERE instance_id = :instance AND policy_id = :policy)
                    AND last.version = :version AND last.mode = :mode)
