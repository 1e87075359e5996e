-- SPDX-License-Identifier: Apache-2.0
SELECT policies_seeded FROM store_state WHERE id = :instance
