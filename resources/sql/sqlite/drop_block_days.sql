-- SPDX-License-Identifier: Apache-2.0
-- Days are not kept apart here.
SELECT 0 AS dropped WHERE CAST(:before AS BIGINT) IS NULL
