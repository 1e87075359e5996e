-- SPDX-License-Identifier: Apache-2.0
-- Until the connection ends: instances that start together must not migrate together.
SELECT 1 FROM pg_advisory_lock(hashtext('luthien schema'), 0)
