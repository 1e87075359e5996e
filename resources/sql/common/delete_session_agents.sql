-- SPDX-License-Identifier: Apache-2.0
DELETE FROM session_agent WHERE session_id = :session
