-- SPDX-License-Identifier: Apache-2.0
-- Who writes is alone, here.
SELECT 2 AS locked
