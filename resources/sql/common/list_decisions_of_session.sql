-- SPDX-License-Identifier: Apache-2.0
SELECT decision.id, decision.uid, call.uid AS call_uid, session.uid AS session_uid, decision.at_us, decision.seq,
       decision.policy_id, decision.policy_version, decision.mode, decision.verdict, decision.answered_by, decision.score,
       decision.latency_us, decision.reason, decision.agent_text, decision.tool, decision.tool_uid, decision.matched,
       decision.response_uid, decision.conversation_uid, decision.inference_uid, decision.is_repeat,
       link.id AS link, link.sha256, before.sha256 AS previous,
       original.raw_bytes AS original_raw_bytes, original.codec AS original_codec, original.data AS original_data,
       final.raw_bytes AS final_raw_bytes, final.codec AS final_codec, final.data AS final_data
FROM decision
JOIN call ON call.id = decision.call_id
JOIN session ON session.id = decision.session_id
LEFT JOIN evidence AS link ON link.kind = 2 AND link.subject_id = decision.id
LEFT JOIN evidence AS before ON before.instance_id = link.instance_id AND before.id = link.id - 1
LEFT JOIN content AS original ON original.id = decision.original_content_id
LEFT JOIN content AS final ON final.id = decision.final_content_id
WHERE decision.session_id = (SELECT owner.id FROM session AS owner WHERE owner.uid = :session)
  AND (decision.at_us, decision.id) < (:micros, :row)
  AND call.removal <> 3
ORDER BY decision.at_us DESC, decision.id DESC LIMIT :limit
