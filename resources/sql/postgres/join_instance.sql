-- SPDX-License-Identifier: Apache-2.0
INSERT INTO instance (uid, first_us) VALUES (:uid, :now)
ON CONFLICT (uid) DO UPDATE SET uid = excluded.uid
RETURNING id
