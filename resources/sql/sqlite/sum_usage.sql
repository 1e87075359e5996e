-- SPDX-License-Identifier: Apache-2.0
SELECT session.uid AS session_uid, call.client, call.started_us / :bucket * :bucket AS bucket_us, count(*) AS calls,
       total(call.input_tokens) AS input_tokens, total(call.output_tokens) AS output_tokens,
       total(call.cache_read_tokens) AS cache_read_tokens, total(call.cache_write_tokens) AS cache_write_tokens,
       total(call.cost_nano_usd) AS cost_nano_usd
FROM call CROSS JOIN session ON session.id = call.session_id -- in this order, so that the time leads
WHERE call.started_us >= :since AND call.status <> 0
GROUP BY +call.session_id, call.client, bucket_us -- + so that no index on it is gone through instead
ORDER BY bucket_us, session_uid, call.client
