-- SPDX-License-Identifier: Apache-2.0
INSERT INTO evidence_removal (reason, at_us, links, sha256) VALUES (:reason, :at, :links, :sha256) RETURNING id
