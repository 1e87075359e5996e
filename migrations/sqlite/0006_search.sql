-- SPDX-License-Identifier: Apache-2.0
-- Words of what was asked and answered, text by text. A text is what a content says of one kind (0 user, 1 assistant,
-- 2 thinking, 3 tool arguments, 4 tool result, 5 system prompt); its number is the content's id * 8 + the kind, so that
-- newer ones have larger numbers. The words come folded and split as filters do it, with blanks between them: the
-- tokenizer takes them as they are. Of this table each database has its own form.
CREATE VIRTUAL TABLE search_words USING fts5 (words, content = '', tokenize = 'ascii');
--;
-- Which contents are in there: how their texts were read (8 * call.api + 0 message, 1 message that begins a
-- conversation, 2 opening, 3 closing, 4 reply), the kinds that were found (bit n = kind n), and a hash of their words.
-- is_cut = the end of a long text is not in there.
CREATE TABLE search_content (
    content_id INTEGER PRIMARY KEY,
    source INTEGER NOT NULL,
    kinds INTEGER NOT NULL,
    is_cut INTEGER NOT NULL,
    words_hash INTEGER NOT NULL
);
--;
-- In which calls a content was new.
CREATE TABLE mention (
    content_id INTEGER NOT NULL,
    call_id INTEGER NOT NULL,
    PRIMARY KEY (content_id, call_id)
) WITHOUT ROWID;
--;
CREATE INDEX mention_by_call ON mention (call_id, content_id);
--;
-- What of a call cannot be found in the words: bit 0 its request, bit 1 its reply (both wait to be taken in), bit 2 the
-- end of a long text. All calls recorded so far wait.
ALTER TABLE call ADD COLUMN unindexed INTEGER NOT NULL DEFAULT 3;
--;
CREATE INDEX call_unindexed ON call (instance_id, id) WHERE (unindexed & 3) <> 0;
