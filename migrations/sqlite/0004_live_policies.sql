-- SPDX-License-Identifier: Apache-2.0
-- Under which ids the provider keeps a reply that was judged; the call on which a model was asked; whether the verdict
-- was given before, for the same request.
ALTER TABLE decision ADD COLUMN response_uid TEXT NOT NULL DEFAULT '';
--;
ALTER TABLE decision ADD COLUMN conversation_uid TEXT NOT NULL DEFAULT '';
--;
ALTER TABLE decision ADD COLUMN inference_uid BLOB;
--;
ALTER TABLE decision ADD COLUMN is_repeat INTEGER NOT NULL DEFAULT 0;
--;
CREATE INDEX decision_of_kept_reply ON decision (at_us, id) WHERE response_uid <> '' OR conversation_uid <> '';
--;
-- Of a call of our own, made for a policy: the call it judges, and the policy.
ALTER TABLE call ADD COLUMN cause_uid BLOB;
--;
ALTER TABLE call ADD COLUMN cause_policy TEXT NOT NULL DEFAULT '';
--;
CREATE INDEX call_by_cause ON call (cause_uid) WHERE cause_uid IS NOT NULL;
--;
CREATE INDEX call_by_start ON call (started_us, id);
--;
-- Hash of what the requests and blocks of a call that is over hold.
ALTER TABLE call ADD COLUMN recorded_sha256 BLOB;
--;
-- The chain of evidence: one row for each decision (kind 2) and each call that is over (kind 1), in the order they were
-- committed. sha256 = SHA-256(sha256 of the row before, canonical JSON of the subject in this form). id has no gaps.
-- hmac is kept free for a signature of sha256.
CREATE TABLE evidence (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    subject_id INTEGER NOT NULL,
    form INTEGER NOT NULL,
    sha256 BLOB NOT NULL,
    hmac BLOB
);
--;
CREATE UNIQUE INDEX evidence_by_subject ON evidence (kind, subject_id);
--;
-- Calls up to this row are in the chain with their decisions, though they are older than it. NULL = all are.
ALTER TABLE store_state ADD COLUMN evidence_filled INTEGER DEFAULT 0;
--;
-- What became of each policy: which version it had from then on, in which mode, and who made it so.
CREATE TABLE policy_change (
    id INTEGER PRIMARY KEY,
    policy_id TEXT NOT NULL,
    version TEXT NOT NULL,
    mode INTEGER NOT NULL,
    at_us INTEGER NOT NULL,
    author TEXT NOT NULL,
    source TEXT NOT NULL
);
--;
CREATE INDEX policy_change_by_policy ON policy_change (policy_id, id);
--;
-- Answers of people that go on counting. rule is JSON.
CREATE TABLE approval_rule (
    uid BLOB PRIMARY KEY,
    at_us INTEGER NOT NULL,
    rule TEXT NOT NULL
) WITHOUT ROWID;
--;
DROP VIEW call_row;
--;
-- What a reader sees of a call.
CREATE VIEW call_row AS
SELECT call.id, call.uid, call.session_id, session.uid AS session_uid, call.session_derived, call.agent,
       call.parent_agent, call.client, call.client_version, call.user_label, call.trace_id, call.upstream, call.api,
       call.method, call.path, call.model, call.preview, call.stream, call.status, call.http_status, call.stop_reason,
       call.raw_stop_reason, call.started_us, call.first_byte_us, call.first_token_us, call.ended_us,
       call.held_policy_us, call.held_person_us, call.input_tokens, call.output_tokens, call.cache_read_tokens,
       call.cache_write_tokens, call.reasoning_tokens, call.cost_nano_usd, call.request_bytes,
       call.request_changed_bytes, call.request_sha256, call.response_bytes, call.response_changed_bytes,
       call.response_sha256, call.message_count, call.fresh_from, call.error, call.cause_uid, call.cause_policy
FROM call JOIN session ON session.id = call.session_id;
