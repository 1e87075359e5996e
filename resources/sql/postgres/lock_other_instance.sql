-- SPDX-License-Identifier: Apache-2.0
-- No row = somebody runs it. See lock_instance.
SELECT 1 AS locked WHERE pg_try_advisory_lock(hashtext('luthien instance'), CAST(:number AS INTEGER))
