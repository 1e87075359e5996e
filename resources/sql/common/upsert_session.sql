-- SPDX-License-Identifier: Apache-2.0
-- Counts a call that is not there yet.
INSERT INTO session (uid, client, preview, calls, open_calls, turns, first_us, last_us, last_status,
                     last_ended_us, input_tokens, output_tokens, block_decisions, replace_decisions, hold_decisions)
SELECT CAST(:uid AS TEXT), CAST(:client AS TEXT), CAST(:preview AS TEXT), 1, 1, 0,
       CAST(:at AS BIGINT), CAST(:at AS BIGINT), 0, 0, 0, 0, 0, 0, 0
WHERE NOT EXISTS (SELECT 1 FROM call WHERE call.uid = :call)
ON CONFLICT (uid) DO UPDATE SET
    -- Of the earliest call that has one, whichever is recorded first. A call that comes in order needs no search.
    client = CASE WHEN session.client = '' OR (excluded.client NOT IN ('', session.client) AND excluded.first_us < session.last_us
                 AND NOT EXISTS (SELECT 1 FROM call WHERE call.session_id = session.id AND call.client <> ''
                                 AND call.started_us <= excluded.first_us AND call.removal <> 3))
        THEN excluded.client ELSE session.client END,
    preview = CASE WHEN session.preview = '' OR (excluded.preview NOT IN ('', session.preview) AND excluded.first_us < session.last_us
                 AND NOT EXISTS (SELECT 1 FROM call WHERE call.session_id = session.id AND call.preview <> ''
                                 AND call.started_us <= excluded.first_us AND call.removal <> 3))
        THEN excluded.preview ELSE session.preview END,
    calls = session.calls + 1,
    open_calls = session.open_calls + 1,
    first_us = CASE WHEN excluded.first_us < session.first_us THEN excluded.first_us ELSE session.first_us END,
    last_us = CASE WHEN excluded.last_us > session.last_us THEN excluded.last_us ELSE session.last_us END
