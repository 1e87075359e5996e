-- SPDX-License-Identifier: Apache-2.0
-- What people set in the program, of each instance; keys and values are those of the configuration. Never secrets.
CREATE TABLE setting (
    instance_id INTEGER NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (instance_id, key)
) WITHOUT ROWID;
