-- SPDX-License-Identifier: Apache-2.0
SELECT session.uid AS session_uid, call.client, call.api, call.started_us / :bucket * :bucket AS bucket_us, count(*) AS calls,
       coalesce(sum(call.input_tokens), 0) AS input_tokens, coalesce(sum(call.output_tokens), 0) AS output_tokens,
       coalesce(sum(call.cache_read_tokens), 0) AS cache_read_tokens, coalesce(sum(call.cache_write_tokens), 0) AS cache_write_tokens,
       coalesce(sum(call.cost_nano_usd), 0) AS cost_nano_usd
FROM call CROSS JOIN session -- in this order, so that the time leads
WHERE session.id = call.session_id AND call.instance_id = :instance AND call.started_us >= :since AND call.started_us < :until
      AND call.status <> 0 AND NOT (call.status = :blocked AND call.first_byte_us IS NULL) AND call.cause_uid IS NULL
GROUP BY session.uid, call.client, call.api, bucket_us
ORDER BY bucket_us, session_uid, call.client, call.api
