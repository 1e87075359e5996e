-- SPDX-License-Identifier: Apache-2.0
SELECT commit_number FROM store_state WHERE id = :instance
