-- SPDX-License-Identifier: Apache-2.0
SELECT id, uid, session_uid, session_derived, agent, parent_agent, client, client_version, user_label, trace_id, upstream,
       api, method, path, model, preview, stream, status, http_status, stop_reason, raw_stop_reason, started_us,
       first_byte_us, first_token_us, ended_us, held_policy_us, held_person_us, input_tokens, output_tokens,
       cache_read_tokens, cache_write_tokens, reasoning_tokens, cost_nano_usd, request_bytes, request_changed_bytes,
       request_sha256, response_bytes, response_changed_bytes, response_sha256, message_count, fresh_from, error,
       cause_uid, cause_policy, removal
FROM call_row
WHERE session_id = (SELECT session.id FROM session WHERE session.uid = :session)
  AND (started_us, id) > (:micros, :row)
ORDER BY started_us, id LIMIT :limit
