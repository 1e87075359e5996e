-- SPDX-License-Identifier: Apache-2.0
-- No row = it is there already; its session may have been removed since.
INSERT INTO call (uid, session_id, session_derived, agent, parent_agent, client, client_version, user_label, trace_id,
                  upstream, api, method, path, model, preview, stream, status, started_us, cause_uid, cause_policy,
                  instance_id, unindexed)
SELECT :uid, session.id, :session_derived, :agent, :parent_agent, :client, :client_version, :user_label, :trace_id,
       :upstream, :api, :method, :path, :model, :preview, :stream, 0, :started, :cause, :cause_policy, :instance, 0
FROM session WHERE session.uid = :session
ON CONFLICT (uid) DO NOTHING
RETURNING id, session_id, (SELECT session.calls FROM session WHERE session.id = call.session_id) AS session_calls
