-- SPDX-License-Identifier: Apache-2.0
UPDATE session SET
    open_calls = open_calls - 1,
    turns = turns + :turns,
    last_us = CASE WHEN :at > last_us THEN :at ELSE last_us END,
    -- Calls of our own, made for a policy, do not tell how the session stands.
    last_status = CASE WHEN CAST(:is_ours AS BIGINT) = 0 AND :at >= last_ended_us THEN :status ELSE last_status END,
    last_ended_us = CASE WHEN CAST(:is_ours AS BIGINT) = 0 AND :at > last_ended_us THEN :at ELSE last_ended_us END,
    input_tokens = input_tokens + :input_tokens,
    output_tokens = output_tokens + :output_tokens,
    cost_nano_usd = CASE WHEN cost_nano_usd IS NULL THEN :cost ELSE cost_nano_usd + coalesce(CAST(:cost AS BIGINT), 0) END
WHERE id = :session
