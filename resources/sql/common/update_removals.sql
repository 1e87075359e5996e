-- SPDX-License-Identifier: Apache-2.0
UPDATE store_state SET removals = removals + 1 WHERE id = :instance
