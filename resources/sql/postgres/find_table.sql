-- SPDX-License-Identifier: Apache-2.0
SELECT 1 FROM pg_class WHERE oid = to_regclass(:name)
