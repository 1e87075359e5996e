-- SPDX-License-Identifier: Apache-2.0
UPDATE store_state SET policies_seeded = :seeded WHERE id = :instance
