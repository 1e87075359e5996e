-- SPDX-License-Identifier: Apache-2.0
-- Who writes is alone.
SELECT 1 AS locked
