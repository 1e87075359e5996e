-- SPDX-License-Identifier: Apache-2.0
SELECT producer, segment, position FROM journal_position WHERE instance_id = :instance ORDER BY producer
