-- SPDX-License-Identifier: Apache-2.0
SELECT id, mode FROM policy_mode WHERE instance_id = :instance ORDER BY id
