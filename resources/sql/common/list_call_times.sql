-- SPDX-License-Identifier: Apache-2.0
SELECT started_us, first_byte_us, first_token_us, held_policy_us
FROM call
WHERE started_us >= :since AND started_us < :until AND cause_uid IS NULL AND removal <> 3
ORDER BY started_us DESC, id DESC LIMIT :limit
