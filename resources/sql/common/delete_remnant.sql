-- SPDX-License-Identifier: Apache-2.0
DELETE FROM remnant WHERE kind = :kind AND id = :id
