-- SPDX-License-Identifier: Apache-2.0
SELECT seq, start_us FROM block WHERE call_id = :call ORDER BY seq LIMIT :limit
