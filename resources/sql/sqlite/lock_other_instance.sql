-- SPDX-License-Identifier: Apache-2.0
-- There is no other one.
SELECT 1 AS locked WHERE CAST(:number AS BIGINT) IS NULL
