-- SPDX-License-Identifier: Apache-2.0
-- Calls that were rejected before they had a row.
SELECT rejected_call.uid FROM rejected_call LEFT JOIN call ON call.uid = rejected_call.uid WHERE call.id IS NULL
