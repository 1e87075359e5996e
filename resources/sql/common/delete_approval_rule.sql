-- SPDX-License-Identifier: Apache-2.0
DELETE FROM approval_rule WHERE uid = :uid
