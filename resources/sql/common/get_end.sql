-- SPDX-License-Identifier: Apache-2.0
SELECT status, http_status, stop_reason, error FROM call WHERE uid = :uid
