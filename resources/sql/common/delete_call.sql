-- SPDX-License-Identifier: Apache-2.0
DELETE FROM call WHERE id = :call
