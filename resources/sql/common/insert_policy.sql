-- SPDX-License-Identifier: Apache-2.0
INSERT INTO policy (instance_id, position, id, definition, mode) VALUES (:instance, :position, :id, :definition, :mode)
