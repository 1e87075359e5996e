-- SPDX-License-Identifier: Apache-2.0
DELETE FROM content WHERE id = :content
