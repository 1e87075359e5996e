-- SPDX-License-Identifier: Apache-2.0
UPDATE call SET removal = 2, head_node_id = NULL, reply_content_id = NULL, sent_reply_content_id = NULL WHERE id = :call
