-- SPDX-License-Identifier: Apache-2.0
INSERT INTO call (uid, session_id, session_derived, agent, parent_agent, client, client_version, user_label, trace_id,
                  upstream, api, method, path, model, preview, stream, status, started_us, cause_uid, cause_policy,
                  instance_id, unindexed)
VALUES (:uid, :session, :session_derived, :agent, :parent_agent, :client, :client_version, :user_label, :trace_id,
        :upstream, :api, :method, :path, :model, :preview, :stream, 0, :started, :cause, :cause_policy,
        :instance, 0)
RETURNING id
