-- SPDX-License-Identifier: Apache-2.0
UPDATE session SET
    open_calls = open_calls - 1,
    turns = turns + :turns,
    last_us = max(last_us, :at),
    -- Calls of our own, made for a policy, do not tell how the session stands.
    last_status = CASE WHEN :is_ours = 0 AND :at >= last_ended_us THEN :status ELSE last_status END,
    last_ended_us = CASE WHEN :is_ours = 0 THEN max(last_ended_us, :at) ELSE last_ended_us END,
    input_tokens = input_tokens + :input_tokens,
    output_tokens = output_tokens + :output_tokens,
    cost_nano_usd = CASE WHEN :cost IS NULL THEN cost_nano_usd ELSE coalesce(cost_nano_usd, 0) + :cost END
WHERE id = :session
