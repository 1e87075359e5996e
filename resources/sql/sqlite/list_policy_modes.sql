-- SPDX-License-Identifier: Apache-2.0
SELECT id, mode FROM policy_mode ORDER BY id
