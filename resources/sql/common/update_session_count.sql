-- SPDX-License-Identifier: Apache-2.0
UPDATE store_state SET session_count = session_count + :new_sessions WHERE id = :instance
