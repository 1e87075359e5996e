-- SPDX-License-Identifier: Apache-2.0
-- pinned <> 0: retention leaves it alone. label, note: a person's own words. bytes: what its blocks and the texts that it
-- brought take, as stored. removed_uid = its id of before, once it is deleted: nothing shows it any more, its rows go
-- step by step, and uid is a text that no client can send.
ALTER TABLE session ADD COLUMN pinned BIGINT NOT NULL DEFAULT 0;
--;
ALTER TABLE session ADD COLUMN label TEXT NOT NULL DEFAULT '';
--;
ALTER TABLE session ADD COLUMN note TEXT NOT NULL DEFAULT '';
--;
ALTER TABLE session ADD COLUMN bytes BIGINT NOT NULL DEFAULT 0;
--;
ALTER TABLE session ADD COLUMN removed_uid TEXT COLLATE "C";
--;
CREATE INDEX session_removed ON session (id) WHERE removed_uid IS NOT NULL;
--;
UPDATE session SET bytes = coalesce((SELECT sum(length(block.data)) FROM call JOIN block ON block.call_id = call.id
                                     WHERE call.session_id = session.id), 0);
--;
-- 0 = all of it is there; 1 = its texts are going, 2 = are gone; 3 = all of it is going, nothing shows it any more.
ALTER TABLE call ADD COLUMN removal BIGINT NOT NULL DEFAULT 0;
--;
CREATE INDEX call_whole ON call (started_us, id) WHERE removal = 0;
--;
CREATE INDEX call_going ON call (id) WHERE removal IN (1, 3);
--;
-- The session that brought it; 0 = unknown.
ALTER TABLE content ADD COLUMN session_id BIGINT NOT NULL DEFAULT 0;
--;
-- Nodes (kind 2) and contents (kind 1) that something removed has used: if nothing else does, they go, too.
CREATE TABLE remnant (
    kind BIGINT NOT NULL,
    id BIGINT NOT NULL,
    PRIMARY KEY (kind, id)
);
--;
-- Who uses a node or a content.
CREATE INDEX node_by_content ON node (content_id);
--;
CREATE INDEX request_by_headers ON request (headers_content_id);
--;
CREATE INDEX request_by_opening ON request (opening_content_id);
--;
CREATE INDEX request_by_closing ON request (closing_content_id) WHERE closing_content_id IS NOT NULL;
--;
CREATE INDEX request_by_head ON request (head_node_id) WHERE head_node_id IS NOT NULL;
--;
CREATE INDEX call_by_reply ON call (reply_content_id) WHERE reply_content_id IS NOT NULL;
--;
CREATE INDEX call_by_sent_reply ON call (sent_reply_content_id) WHERE sent_reply_content_id IS NOT NULL;
--;
CREATE INDEX decision_by_original ON decision (original_content_id) WHERE original_content_id IS NOT NULL;
--;
CREATE INDEX decision_by_final ON decision (final_content_id) WHERE final_content_id IS NOT NULL;
--;
-- Grows when contents or nodes go: other instances then no longer trust what they remember of them.
ALTER TABLE store_state ADD COLUMN removals BIGINT NOT NULL DEFAULT 0;
--;
-- Drops the days of block before before_us of which no block belongs to a call that is whole; it may have begun on the day
-- after, by a clock that was put back. One that somebody is reading stays for the next time.
CREATE FUNCTION drop_block_partitions(before_us BIGINT) RETURNS BIGINT LANGUAGE plpgsql AS $$
DECLARE
    day_us CONSTANT BIGINT := 86400000000;
    part RECORD;
    is_used BOOLEAN;
    dropped BIGINT := 0;
BEGIN
    PERFORM set_config('lock_timeout', '100ms', true);
    FOR part IN
        SELECT child.relname AS name,
               extract(epoch FROM to_date(substr(child.relname, 7), 'YYYYMMDD'))::BIGINT * 1000000 AS first_us
        FROM pg_inherits JOIN pg_class AS child ON child.oid = pg_inherits.inhrelid
        WHERE pg_inherits.inhparent = 'block'::REGCLASS AND child.relname ~ '^block_[0-9]{8}$'
    LOOP
        CONTINUE WHEN part.first_us + day_us > before_us;
        EXECUTE format('SELECT EXISTS (SELECT 1 FROM call JOIN %I AS part ON part.call_id = call.id '
                       'WHERE call.removal = 0 AND call.started_us < $1)', part.name)
            INTO is_used USING part.first_us + 2 * day_us;
        CONTINUE WHEN is_used;
        BEGIN
            EXECUTE format('DROP TABLE %I', part.name);
            dropped := dropped + 1;
        EXCEPTION WHEN lock_not_available THEN
            NULL;
        END;
    END LOOP;
    RETURN dropped;
END
$$;
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
       call.response_sha256, call.message_count, call.fresh_from, call.error, call.cause_uid, call.cause_policy,
       call.removal
FROM call JOIN session ON session.id = call.session_id
WHERE session.removed_uid IS NULL AND call.removal <> 3;
--;
-- The same with those that are going, of which links of the chain of evidence may still speak.
CREATE VIEW chained_call_row AS
SELECT call.id, call.uid, call.session_id, coalesce(session.removed_uid, session.uid) AS session_uid,
       call.session_derived, call.agent, call.parent_agent, call.client, call.client_version, call.user_label,
       call.trace_id, call.upstream, call.api, call.method, call.path, call.model, call.preview, call.stream,
       call.status, call.http_status, call.stop_reason, call.raw_stop_reason, call.started_us, call.first_byte_us,
       call.first_token_us, call.ended_us, call.held_policy_us, call.held_person_us, call.input_tokens,
       call.output_tokens, call.cache_read_tokens, call.cache_write_tokens, call.reasoning_tokens, call.cost_nano_usd,
       call.request_bytes, call.request_changed_bytes, call.request_sha256, call.response_bytes,
       call.response_changed_bytes, call.response_sha256, call.message_count, call.fresh_from, call.error,
       call.cause_uid, call.cause_policy, call.removal
FROM call JOIN session ON session.id = call.session_id;
--;
DROP VIEW session_row;
--;
-- What a reader sees of a session.
CREATE VIEW session_row AS
SELECT session.id, session.uid, session.client, session.agent, session.preview, session.calls, session.open_calls,
       session.turns, session.first_us, session.last_us, session.last_status, session.input_tokens,
       session.output_tokens, session.cost_nano_usd, session.block_decisions, session.replace_decisions,
       session.hold_decisions, session.shadow_decisions,
       (SELECT coalesce(json_agg(model ORDER BY model), '[]')::TEXT FROM session_model
        WHERE session_model.session_id = session.id) AS models,
       session.bytes, session.pinned, session.label, session.note
FROM session
WHERE session.removed_uid IS NULL;
