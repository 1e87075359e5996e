-- SPDX-License-Identifier: Apache-2.0
UPDATE store_state SET commit_number = commit_number + 1, session_count = session_count + :new_sessions WHERE id = :instance
RETURNING commit_number
