-- SPDX-License-Identifier: Apache-2.0
UPDATE call SET message_count = :message_count, fresh_from = :fresh_from, head_node_id = :head_node,
                unindexed = unindexed | 1
WHERE id = :call
