-- SPDX-License-Identifier: Apache-2.0
SELECT at_us / :bucket * :bucket AS bucket_us, mode, verdict, count(*) AS decisions
FROM decision
WHERE at_us >= :since AND at_us < :until
GROUP BY bucket_us, mode, verdict
ORDER BY bucket_us, mode, verdict
