-- SPDX-License-Identifier: Apache-2.0
INSERT INTO policy_mode (id, mode) VALUES (:id, :mode)
