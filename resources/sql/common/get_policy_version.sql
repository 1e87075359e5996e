-- SPDX-License-Identifier: Apache-2.0
SELECT version, policy_id, definition, first_used_us FROM policy_version WHERE version = :version
