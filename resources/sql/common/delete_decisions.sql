-- SPDX-License-Identifier: Apache-2.0
DELETE FROM decision WHERE call_id = :call
