-- SPDX-License-Identifier: Apache-2.0
SELECT id FROM node WHERE parent_id = :parent AND content_id = :content AND gap_bytes = :gap_bytes
