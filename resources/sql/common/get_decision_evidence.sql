-- SPDX-License-Identifier: Apache-2.0
SELECT decision.id, decision.uid, call.uid AS call_uid, session.uid AS session_uid, decision.at_us, decision.seq,
       decision.policy_id, decision.policy_version, decision.mode, decision.verdict, decision.answered_by, decision.score,
       decision.latency_us, decision.reason, decision.agent_text, decision.tool, decision.tool_uid, decision.matched,
       decision.response_uid, decision.conversation_uid, decision.inference_uid, decision.is_repeat,
       NULL AS link, NULL AS sha256, NULL AS previous,
       CASE WHEN chained.bodies_removal IS NULL THEN original.hash
            ELSE coalesce(original.hash, decision.original_sha256) END AS original,
       CASE WHEN chained.bodies_removal IS NULL THEN final.hash
            ELSE coalesce(final.hash, decision.final_sha256) END AS final
FROM decision
JOIN call ON call.id = decision.call_id
JOIN session ON session.id = decision.session_id
LEFT JOIN content AS original ON original.id = decision.original_content_id
LEFT JOIN content AS final ON final.id = decision.final_content_id
LEFT JOIN evidence AS chained ON chained.kind = 2 AND chained.subject_id = decision.id
WHERE decision.id = :id
