-- SPDX-License-Identifier: Apache-2.0
DELETE FROM block WHERE call_id = :call AND seq >= :from AND seq < :until
