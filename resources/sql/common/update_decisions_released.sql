-- SPDX-License-Identifier: Apache-2.0
UPDATE decision SET original_content_id = NULL, final_content_id = NULL
WHERE call_id = :call AND (original_content_id IS NOT NULL OR final_content_id IS NOT NULL)
