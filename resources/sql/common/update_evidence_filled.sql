-- SPDX-License-Identifier: Apache-2.0
UPDATE store_state SET evidence_filled = :row WHERE id = :instance
