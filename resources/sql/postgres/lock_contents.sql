-- SPDX-License-Identifier: Apache-2.0
-- Until the transaction ends: what it finds stored already is not removed meanwhile.
SELECT 1 AS locked FROM pg_advisory_xact_lock_shared(hashtext('luthien contents'), 0)
