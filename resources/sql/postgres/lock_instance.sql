-- SPDX-License-Identifier: Apache-2.0
-- Until the connection ends: two writers of one instance would count its journals twice. Nor may a connection that was
-- given up, but still hangs in the server with a transaction, be overtaken by its successor.
SELECT 1 FROM pg_advisory_lock(hashtext('luthien instance'), CAST(:instance AS INTEGER))
