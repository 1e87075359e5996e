-- SPDX-License-Identifier: Apache-2.0
SELECT call.id, call.removal, call.status, session.uid FROM call JOIN session ON session.id = call.session_id
WHERE call.uid = :uid AND session.removed_uid IS NULL AND call.removal <> 3
