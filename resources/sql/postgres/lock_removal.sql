-- SPDX-License-Identifier: Apache-2.0
-- Until the transaction ends: nobody records. No row = somebody does; to wait would hold back all who come after. Nor may
-- one that hangs while it removes hold the others back for long.
SELECT set_config('idle_in_transaction_session_timeout', '5s', true) AS locked
WHERE pg_try_advisory_xact_lock(hashtext('luthien contents'), 0)
