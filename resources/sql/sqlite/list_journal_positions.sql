-- SPDX-License-Identifier: Apache-2.0
SELECT producer, segment, position FROM journal_position ORDER BY producer
