-- SPDX-License-Identifier: Apache-2.0
SELECT recorded_sha256, removal FROM call WHERE id = :call
