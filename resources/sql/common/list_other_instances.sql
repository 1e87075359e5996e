-- SPDX-License-Identifier: Apache-2.0
-- How far each of them is, of one moment.
SELECT id, commit_number,
       coalesce((SELECT evidence.id FROM evidence WHERE evidence.instance_id = store_state.id AND evidence.id > 0
                 ORDER BY evidence.id DESC LIMIT 1), 0) AS evidence_id
FROM store_state WHERE id <> :instance ORDER BY id
