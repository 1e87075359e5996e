-- SPDX-License-Identifier: Apache-2.0
SELECT rule FROM approval_rule WHERE instance_id = :instance ORDER BY at_us, uid
