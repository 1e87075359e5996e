-- SPDX-License-Identifier: Apache-2.0
INSERT INTO rejected_call (uid, reason) VALUES (:uid, :reason) ON CONFLICT (uid) DO NOTHING
