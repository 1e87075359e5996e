-- SPDX-License-Identifier: Apache-2.0
INSERT INTO session_model (session_id, model) VALUES (:session, :name) ON CONFLICT DO NOTHING
