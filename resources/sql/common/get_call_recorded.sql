-- SPDX-License-Identifier: Apache-2.0
SELECT recorded_sha256 FROM call WHERE id = :call
