-- SPDX-License-Identifier: Apache-2.0
SELECT id, definition, mode FROM policy ORDER BY position
