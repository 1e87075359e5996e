-- SPDX-License-Identifier: Apache-2.0
INSERT INTO policy_mode (instance_id, id, mode) VALUES (:instance, :id, :mode)
