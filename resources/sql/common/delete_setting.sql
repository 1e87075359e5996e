-- SPDX-License-Identifier: Apache-2.0
DELETE FROM setting WHERE instance_id = :instance AND key = :key
