-- SPDX-License-Identifier: Apache-2.0
-- Nothing to do: there is no other one.
SELECT :number
