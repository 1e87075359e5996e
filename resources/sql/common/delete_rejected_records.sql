-- SPDX-License-Identifier: Apache-2.0
DELETE FROM rejected_record WHERE call_uid = :uid
