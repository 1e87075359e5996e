-- SPDX-License-Identifier: Apache-2.0
INSERT INTO remnant (kind, id) VALUES (:kind, :id) ON CONFLICT DO NOTHING
