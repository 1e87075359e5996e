-- SPDX-License-Identifier: Apache-2.0
UPDATE call SET recorded_sha256 = :sha256 WHERE id = :call
