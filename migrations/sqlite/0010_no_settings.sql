-- SPDX-License-Identifier: Apache-2.0
-- What people set in the program is a file of the data directory: one place for it, and no program ever wrote here.
DROP TABLE setting;
