-- SPDX-License-Identifier: Apache-2.0
SELECT id, sha256 FROM evidence WHERE id = (SELECT max(id) FROM evidence)
