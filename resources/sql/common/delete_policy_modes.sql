-- SPDX-License-Identifier: Apache-2.0
DELETE FROM policy_mode WHERE instance_id = :instance
