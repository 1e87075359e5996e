-- SPDX-License-Identifier: Apache-2.0
-- Until the transaction ends: nobody records.
SELECT 1 AS locked FROM pg_advisory_xact_lock(hashtext('luthien contents'), 0)
