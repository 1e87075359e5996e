-- SPDX-License-Identifier: Apache-2.0
SELECT call_row.id, call_row.uid, call_row.session_uid, call_row.session_derived, call_row.agent, call_row.parent_agent,
       call_row.client, call_row.client_version, call_row.user_label, call_row.trace_id, call_row.upstream,
       call_row.api, call_row.method, call_row.path, call_row.model, call_row.preview, call_row.stream, call_row.status,
       call_row.http_status, call_row.stop_reason, call_row.raw_stop_reason, call_row.started_us, call_row.first_byte_us,
       call_row.first_token_us, call_row.ended_us, call_row.held_policy_us, call_row.held_person_us,
       call_row.input_tokens, call_row.output_tokens, call_row.cache_read_tokens, call_row.cache_write_tokens,
       call_row.reasoning_tokens, call_row.cost_nano_usd, call_row.request_bytes, call_row.request_changed_bytes,
       call_row.request_sha256, call_row.response_bytes, call_row.response_changed_bytes, call_row.response_sha256,
       call_row.message_count, call_row.fresh_from, call_row.error, call_row.cause_uid, call_row.cause_policy,
       call_row.removal,
       call_row.cost_nano_usd AS cost, call.recorded_sha256,
       CASE WHEN link.bodies_removal IS NULL THEN reply.hash ELSE coalesce(reply.hash, call.reply_sha256) END AS reply,
       CASE WHEN link.bodies_removal IS NULL THEN sent.hash ELSE coalesce(sent.hash, call.sent_reply_sha256) END AS sent_reply
FROM chained_call_row AS call_row
JOIN call ON call.id = call_row.id
LEFT JOIN content AS reply ON reply.id = call.reply_content_id
LEFT JOIN content AS sent ON sent.id = call.sent_reply_content_id
LEFT JOIN evidence AS link ON link.kind = 1 AND link.subject_id = call.id
WHERE call_row.id = :id
