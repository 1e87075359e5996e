-- SPDX-License-Identifier: Apache-2.0
-- Nothing to do: the data directory is locked, and the database is in it.
SELECT 1
