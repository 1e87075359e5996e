-- SPDX-License-Identifier: Apache-2.0
SELECT status, http_status, stop_reason, error FROM call_row WHERE uid = :uid
