-- SPDX-License-Identifier: Apache-2.0
INSERT INTO session_agent (session_id, agent)
SELECT :session, :name WHERE (SELECT count(*) FROM session_agent AS known WHERE known.session_id = :session) < 32
ON CONFLICT DO NOTHING
