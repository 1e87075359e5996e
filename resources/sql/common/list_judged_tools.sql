-- SPDX-License-Identifier: Apache-2.0
SELECT DISTINCT found.tool
FROM (SELECT decision.tool, decision.session_id
      FROM decision WHERE (decision.at_us, decision.id) < (:micros, :row)
      ORDER BY decision.at_us DESC, decision.id DESC LIMIT :newest) AS found
JOIN session ON session.id = found.session_id
WHERE found.tool <> '' AND session.removed_uid IS NULL
