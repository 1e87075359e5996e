-- SPDX-License-Identifier: Apache-2.0
SELECT uid FROM call WHERE status = 0 AND instance_id = :instance ORDER BY id DESC
