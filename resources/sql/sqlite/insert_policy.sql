-- SPDX-License-Identifier: Apache-2.0
INSERT INTO policy (position, id, definition, mode) VALUES (:position, :id, :definition, :mode)
