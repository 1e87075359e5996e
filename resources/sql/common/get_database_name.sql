-- SPDX-License-Identifier: Apache-2.0
-- For this instance; null until it has one.
SELECT uid FROM store_state WHERE id = :instance
