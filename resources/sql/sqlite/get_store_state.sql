-- SPDX-License-Identifier: Apache-2.0
SELECT commit_number, session_count FROM store_state WHERE id = 1
