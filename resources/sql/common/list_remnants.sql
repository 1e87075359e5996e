-- SPDX-License-Identifier: Apache-2.0
-- Nodes first, and those that follow others first.
SELECT kind, id FROM remnant ORDER BY kind DESC, id DESC LIMIT :limit
