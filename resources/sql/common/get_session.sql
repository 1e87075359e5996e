-- SPDX-License-Identifier: Apache-2.0
SELECT id, uid, client, preview, calls, open_calls, turns, first_us, last_us, last_status, input_tokens,
       output_tokens, cost_nano_usd, block_decisions, replace_decisions, hold_decisions, shadow_decisions, agents, models, bytes,
       pinned, label, note
FROM session_row
WHERE uid = :uid
