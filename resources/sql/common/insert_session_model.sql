-- SPDX-License-Identifier: Apache-2.0
INSERT INTO session_model (session_id, model) VALUES (:session, :model) ON CONFLICT DO NOTHING
