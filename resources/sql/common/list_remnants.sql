-- SPDX-License-Identifier: Apache-2.0
-- Nodes first, and those that follow others first.
SELECT kind, id FROM remnant WHERE kind < 3 ORDER BY kind DESC, id DESC LIMIT :limit
