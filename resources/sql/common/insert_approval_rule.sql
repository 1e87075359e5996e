-- SPDX-License-Identifier: Apache-2.0
INSERT INTO approval_rule (instance_id, uid, at_us, rule) VALUES (:instance, :uid, :at, :rule)
ON CONFLICT (uid) DO UPDATE SET at_us = excluded.at_us, rule = excluded.rule
