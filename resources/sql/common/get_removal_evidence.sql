-- SPDX-License-Identifier: Apache-2.0
SELECT reason, at_us, links, sha256 FROM evidence_removal WHERE id = :id
