-- SPDX-License-Identifier: Apache-2.0
SELECT id, definition, mode FROM policy WHERE instance_id = :instance ORDER BY position
