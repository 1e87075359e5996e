-- SPDX-License-Identifier: Apache-2.0
DELETE FROM rejected_call WHERE uid = :uid
