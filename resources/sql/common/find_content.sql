-- SPDX-License-Identifier: Apache-2.0
SELECT id FROM content WHERE hash = :hash
