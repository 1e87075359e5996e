-- SPDX-License-Identifier: Apache-2.0
INSERT INTO mention (content_id, call_id) VALUES (:content, :call) ON CONFLICT DO NOTHING
