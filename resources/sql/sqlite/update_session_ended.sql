-- SPDX-License-Identifier: Apache-2.0
UPDATE session SET
    open_calls = open_calls - 1,
    turns = turns + :turns,
    last_us = max(last_us, :at),
    last_status = CASE WHEN :at >= last_ended_us THEN :status ELSE last_status END,
    last_ended_us = max(last_ended_us, :at),
    input_tokens = input_tokens + :input_tokens,
    output_tokens = output_tokens + :output_tokens
WHERE id = :session
