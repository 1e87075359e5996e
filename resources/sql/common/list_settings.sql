-- SPDX-License-Identifier: Apache-2.0
SELECT key, value FROM setting WHERE instance_id = :instance ORDER BY key
