-- SPDX-License-Identifier: Apache-2.0
SELECT id FROM call WHERE uid = :uid
