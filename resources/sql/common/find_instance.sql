-- SPDX-License-Identifier: Apache-2.0
SELECT id FROM instance WHERE uid = :uid
