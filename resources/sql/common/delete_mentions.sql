-- SPDX-License-Identifier: Apache-2.0
DELETE FROM mention WHERE call_id = :call
