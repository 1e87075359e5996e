-- SPDX-License-Identifier: Apache-2.0
SELECT coalesce((SELECT start_us FROM block WHERE call_id = :call ORDER BY seq DESC LIMIT 1),
                (SELECT started_us FROM call WHERE id = :call)) AS at_us
