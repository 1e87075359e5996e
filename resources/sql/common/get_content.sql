-- SPDX-License-Identifier: Apache-2.0
SELECT raw_bytes, codec, data FROM content WHERE id = :id
