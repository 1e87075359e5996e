-- SPDX-License-Identifier: Apache-2.0
SELECT decision.id, decision.uid, call.uid AS call_uid, session.uid AS session_uid, decision.at_us, decision.seq,
       decision.policy_id, decision.policy_version, decision.mode, decision.verdict, decision.answered_by, decision.score,
       decision.latency_us, decision.reason, decision.agent_text, decision.tool, decision.tool_uid, decision.matched,
       decision.response_uid, decision.conversation_uid, decision.inference_uid, decision.is_repeat,
       NULL AS link, NULL AS sha256, NULL AS previous,
       coalesce(original.hash, decision.original_sha256) AS original, coalesce(final.hash, decision.final_sha256) AS final
FROM decision
JOIN call ON call.id = decision.call_id
JOIN session ON session.id = decision.session_id
LEFT JOIN content AS original ON original.id = decision.original_content_id
LEFT JOIN content AS final ON final.id = decision.final_content_id
WHERE decision.id = :id
