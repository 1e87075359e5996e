-- SPDX-License-Identifier: Apache-2.0
-- The first 32 agents of a session, not one alone: some begin one for each small thing.
CREATE TABLE session_agent (
    session_id BIGINT NOT NULL,
    agent TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (session_id, agent)
);
--;
INSERT INTO session_agent (session_id, agent)
SELECT session_id, agent
FROM (SELECT session_id, substr(agent, 1, 512) AS agent,
             row_number() OVER (PARTITION BY session_id ORDER BY min(started_us)) AS place
      FROM call WHERE agent <> '' AND removal <> 3 GROUP BY session_id, substr(agent, 1, 512)) AS found
WHERE place <= 32;
--;
DROP VIEW session_row;
--;
ALTER TABLE session DROP COLUMN agent;
--;
-- What a reader sees of a session.
CREATE VIEW session_row AS
SELECT session.id, session.uid, session.client, session.preview, session.calls, session.open_calls,
       session.turns, session.first_us, session.last_us, session.last_status, session.input_tokens,
       session.output_tokens, session.cost_nano_usd, session.block_decisions, session.replace_decisions,
       session.hold_decisions, session.shadow_decisions,
       (SELECT coalesce(json_agg(agent ORDER BY agent), '[]')::TEXT FROM session_agent
        WHERE session_agent.session_id = session.id) AS agents,
       (SELECT coalesce(json_agg(model ORDER BY model), '[]')::TEXT FROM session_model
        WHERE session_model.session_id = session.id) AS models,
       session.bytes, session.pinned, session.label, session.note
FROM session
WHERE session.removed_uid IS NULL;
