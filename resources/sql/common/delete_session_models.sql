-- SPDX-License-Identifier: Apache-2.0
DELETE FROM session_model WHERE session_id = :session
