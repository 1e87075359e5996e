-- SPDX-License-Identifier: Apache-2.0
SELECT started_us / :bucket * :bucket AS bucket_us, status, count(*) AS calls,
       coalesce(sum(input_tokens), 0) AS input_tokens, coalesce(sum(output_tokens), 0) AS output_tokens,
       coalesce(sum(cache_read_tokens), 0) AS cache_read_tokens, coalesce(sum(cost_nano_usd), 0) AS cost_nano_usd
FROM call
WHERE started_us >= :since AND started_us < :until AND cause_uid IS NULL AND removal <> 3
GROUP BY bucket_us, status
ORDER BY bucket_us, status
