-- SPDX-License-Identifier: Apache-2.0
SELECT evidence_filled FROM store_state WHERE id = :instance AND evidence_filled IS NOT NULL
