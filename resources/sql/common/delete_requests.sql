-- SPDX-License-Identifier: Apache-2.0
DELETE FROM request WHERE call_id = :call
