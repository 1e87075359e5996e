-- SPDX-License-Identifier: Apache-2.0
DELETE FROM session WHERE id = :session
