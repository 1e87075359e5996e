-- SPDX-License-Identifier: Apache-2.0
-- What a call added to its session's summary is taken back; the call is marked before. Numbers as in update_session_ended
-- and update_session_decisions.
UPDATE session SET
    calls = calls - 1,
    turns = turns - (SELECT count(*) FROM call WHERE call.id = :call AND call.status = 1 AND call.cause_uid IS NULL
                     AND call.stop_reason NOT IN (0, 4, 7)),
    input_tokens = input_tokens - (SELECT coalesce(call.input_tokens, 0) FROM call WHERE call.id = :call),
    output_tokens = output_tokens - (SELECT coalesce(call.output_tokens, 0) FROM call WHERE call.id = :call),
    cost_nano_usd = cost_nano_usd - (SELECT coalesce(call.cost_nano_usd, 0) FROM call WHERE call.id = :call),
    block_decisions = block_decisions - (SELECT count(*) FROM decision WHERE decision.call_id = :call
                                         AND decision.mode = 2 AND decision.verdict = 2 AND decision.is_repeat = 0),
    replace_decisions = replace_decisions - (SELECT count(*) FROM decision WHERE decision.call_id = :call
                                             AND decision.mode = 2 AND decision.verdict = 1 AND decision.is_repeat = 0),
    hold_decisions = hold_decisions - (SELECT count(*) FROM decision WHERE decision.call_id = :call
                                       AND decision.mode = 2 AND decision.verdict = 3 AND decision.is_repeat = 0),
    shadow_decisions = shadow_decisions - (SELECT count(*) FROM decision WHERE decision.call_id = :call
                                           AND decision.mode <> 2 AND decision.verdict <> 0 AND decision.is_repeat = 0),
    first_us = coalesce((SELECT other.started_us FROM call AS other WHERE other.session_id = session.id AND other.removal <> 3
                         ORDER BY other.started_us, other.id LIMIT 1), first_us),
    client = CASE WHEN client <> '' AND client = (SELECT call.client FROM call WHERE call.id = :call)
        THEN coalesce((SELECT other.client FROM call AS other WHERE other.session_id = session.id AND other.removal <> 3
                       AND other.client <> '' ORDER BY other.started_us, other.id LIMIT 1), '')
        ELSE client END,
    preview = CASE WHEN preview <> '' AND preview = (SELECT call.preview FROM call WHERE call.id = :call)
        THEN coalesce((SELECT other.preview FROM call AS other WHERE other.session_id = session.id AND other.removal <> 3
                       AND other.preview <> '' ORDER BY other.started_us, other.id LIMIT 1), '')
        ELSE preview END
WHERE id = :session
