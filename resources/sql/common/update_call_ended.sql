-- SPDX-License-Identifier: Apache-2.0
UPDATE call SET
    status = :status, http_status = :http_status, stop_reason = :stop_reason, raw_stop_reason = :raw_stop_reason,
    model = CASE WHEN :model = '' THEN model ELSE :model END,
    first_byte_us = :first_byte, first_token_us = :first_token, ended_us = :at,
    held_policy_us = :held_policy, held_person_us = :held_person,
    input_tokens = :input_tokens, output_tokens = :output_tokens, cache_read_tokens = :cache_read_tokens,
    cache_write_tokens = :cache_write_tokens, reasoning_tokens = :reasoning_tokens, cost_nano_usd = :cost,
    request_bytes = :request_bytes, request_changed_bytes = :request_changed_bytes, request_sha256 = :request_sha256,
    response_bytes = :response_bytes, response_changed_bytes = :response_changed_bytes,
    response_sha256 = :response_sha256, reply_content_id = :reply, sent_reply_content_id = :sent_reply,
    recorded_sha256 = :recorded, error = :error, unindexed = unindexed | 2
WHERE id = :call
RETURNING model
