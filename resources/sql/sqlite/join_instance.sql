-- SPDX-License-Identifier: Apache-2.0
INSERT INTO instance (id, uid, first_us) VALUES (1, :uid, :now)
ON CONFLICT (id) DO UPDATE SET uid = excluded.uid
RETURNING id
