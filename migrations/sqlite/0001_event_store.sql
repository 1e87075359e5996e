-- SPDX-License-Identifier: Apache-2.0
-- Times are microseconds since 1970 UTC. Numbers of enums are those of core/conversation. '' = unknown.
CREATE TABLE store_state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    commit_number INTEGER NOT NULL,
    session_count INTEGER NOT NULL
);
--;
INSERT INTO store_state (id, commit_number, session_count) VALUES (1, 0, 0);
--;
-- Up to where each worker's journal is in the tables.
CREATE TABLE journal_position (
    producer INTEGER PRIMARY KEY,
    segment INTEGER NOT NULL,
    position INTEGER NOT NULL
);
--;
CREATE TABLE session (
    id INTEGER PRIMARY KEY,
    uid TEXT NOT NULL,
    client TEXT NOT NULL,
    agent TEXT NOT NULL,
    preview TEXT NOT NULL,
    calls INTEGER NOT NULL,
    open_calls INTEGER NOT NULL,
    turns INTEGER NOT NULL,
    first_us INTEGER NOT NULL,
    last_us INTEGER NOT NULL,
    last_status INTEGER NOT NULL,
    last_ended_us INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cost_nano_usd INTEGER,
    block_decisions INTEGER NOT NULL,
    replace_decisions INTEGER NOT NULL,
    hold_decisions INTEGER NOT NULL
);
--;
CREATE UNIQUE INDEX session_by_uid ON session (uid);
--;
CREATE INDEX session_by_activity ON session (last_us, id);
--;
CREATE TABLE session_model (
    session_id INTEGER NOT NULL REFERENCES session (id),
    model TEXT NOT NULL,
    PRIMARY KEY (session_id, model)
) WITHOUT ROWID;
--;
-- Bytes stored once, whoever uses them: messages, the rest of request bodies, headers, replies.
CREATE TABLE content (
    id INTEGER PRIMARY KEY,
    hash BLOB NOT NULL,
    raw_bytes INTEGER NOT NULL,
    codec INTEGER NOT NULL,
    dictionary_id INTEGER,
    data BLOB NOT NULL
);
--;
CREATE UNIQUE INDEX content_by_hash ON content (hash);
--;
CREATE TABLE codec_dictionary (
    id INTEGER PRIMARY KEY,
    created_us INTEGER NOT NULL,
    data BLOB NOT NULL
);
--;
-- A conversation up to and including one message; requests name the last one. parent_id 0 = the first message.
-- gap_bytes: how much of the content comes before the message itself. meaning: hash of the conversation without
-- what agents move about in it from turn to turn (cache marks).
CREATE TABLE node (
    id INTEGER PRIMARY KEY,
    parent_id INTEGER NOT NULL,
    content_id INTEGER NOT NULL REFERENCES content (id),
    gap_bytes INTEGER NOT NULL,
    depth INTEGER NOT NULL,
    meaning INTEGER NOT NULL
);
--;
CREATE UNIQUE INDEX node_by_parent ON node (parent_id, content_id, gap_bytes);
--;
CREATE TABLE call (
    id INTEGER PRIMARY KEY,
    uid BLOB NOT NULL,
    session_id INTEGER NOT NULL REFERENCES session (id),
    session_derived INTEGER NOT NULL,
    agent TEXT NOT NULL,
    parent_agent TEXT NOT NULL,
    client TEXT NOT NULL,
    client_version TEXT NOT NULL,
    user_label TEXT NOT NULL,
    trace_id TEXT NOT NULL,
    upstream TEXT NOT NULL,
    api INTEGER NOT NULL,
    method TEXT NOT NULL,
    path TEXT NOT NULL,
    model TEXT NOT NULL,
    preview TEXT NOT NULL,
    stream INTEGER NOT NULL,
    status INTEGER NOT NULL,
    http_status INTEGER NOT NULL DEFAULT 0,
    stop_reason INTEGER NOT NULL DEFAULT 0,
    raw_stop_reason TEXT NOT NULL DEFAULT '',
    started_us INTEGER NOT NULL,
    first_byte_us INTEGER,
    first_token_us INTEGER,
    ended_us INTEGER,
    held_policy_us INTEGER NOT NULL DEFAULT 0,
    held_person_us INTEGER NOT NULL DEFAULT 0,
    input_tokens INTEGER,
    output_tokens INTEGER,
    cache_read_tokens INTEGER,
    cache_write_tokens INTEGER,
    reasoning_tokens INTEGER,
    cost_nano_usd INTEGER,
    request_bytes INTEGER NOT NULL DEFAULT 0,
    request_changed_bytes INTEGER NOT NULL DEFAULT 0,
    request_sha256 BLOB,
    response_bytes INTEGER NOT NULL DEFAULT 0,
    response_changed_bytes INTEGER NOT NULL DEFAULT 0,
    response_sha256 BLOB,
    message_count INTEGER NOT NULL DEFAULT 0,
    fresh_from INTEGER NOT NULL DEFAULT 0,
    head_node_id INTEGER,
    reply_content_id INTEGER REFERENCES content (id),
    error TEXT NOT NULL DEFAULT ''
);
--;
CREATE UNIQUE INDEX call_by_uid ON call (uid);
--;
CREATE INDEX call_by_session ON call (session_id, started_us, id);
--;
CREATE INDEX call_open ON call (id) WHERE status = 0;
--;
-- Request bodies. Each is the bytes of opening, of every message up to head_node_id, and of closing.
CREATE TABLE request (
    id INTEGER PRIMARY KEY,
    call_id INTEGER NOT NULL REFERENCES call (id),
    seq INTEGER NOT NULL,
    direction INTEGER NOT NULL,
    at_us INTEGER NOT NULL,
    headers_content_id INTEGER NOT NULL REFERENCES content (id),
    opening_content_id INTEGER NOT NULL REFERENCES content (id),
    head_node_id INTEGER,
    closing_content_id INTEGER REFERENCES content (id),
    raw_bytes INTEGER NOT NULL
);
--;
CREATE UNIQUE INDEX request_by_call ON request (call_id, seq);
--;
-- Events seq to seq + events - 1 of a call.
CREATE TABLE block (
    id INTEGER PRIMARY KEY,
    call_id INTEGER NOT NULL REFERENCES call (id),
    seq INTEGER NOT NULL,
    events INTEGER NOT NULL,
    start_us INTEGER NOT NULL,
    raw_bytes INTEGER NOT NULL,
    codec INTEGER NOT NULL,
    dictionary_id INTEGER,
    data BLOB NOT NULL
);
--;
CREATE UNIQUE INDEX block_by_call ON block (call_id, seq);
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
       call.response_sha256, call.message_count, call.fresh_from, call.error
FROM call JOIN session ON session.id = call.session_id;
