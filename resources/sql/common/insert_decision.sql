-- SPDX-License-Identifier: Apache-2.0
INSERT INTO decision (uid, call_id, session_id, at_us, seq, policy_id, policy_version, mode, verdict, answered_by, score,
                      reason, agent_text, tool, tool_uid, matched, original_content_id, final_content_id, latency_us,
                      response_uid, conversation_uid, inference_uid, is_repeat)
VALUES (:uid, :call, :session, :at, :seq, :policy, :policy_version, :mode, :verdict, :answered_by, :score,
        :reason, :agent_text, :tool, :tool_uid, :matched, :original, :final, :latency,
        :response, :conversation, :inference, :is_repeat)
ON CONFLICT (uid) DO NOTHING
RETURNING id
