-- SPDX-License-Identifier: Apache-2.0
-- Verdicts that were carried out: mode enforce; replace and block.
SELECT decision.call_id, decision.policy_id, decision.verdict, decision.reason
FROM call CROSS JOIN decision -- in this order, so that the time leads
WHERE decision.call_id = call.id AND (call.started_us, call.id) >= (:first_us, :first_row) AND (call.started_us, call.id) <= (:last_us, :last_row)
  AND decision.mode = 2 AND decision.verdict IN (1, 2)
