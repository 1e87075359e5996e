-- SPDX-License-Identifier: Apache-2.0
INSERT INTO store_state (id, commit_number, session_count, policies_seeded, evidence_filled)
VALUES (:instance, 0, 0, 0, NULL)
ON CONFLICT (id) DO NOTHING
