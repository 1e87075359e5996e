-- SPDX-License-Identifier: Apache-2.0
-- Which database a journal belongs to: its positions in another one say nothing.
ALTER TABLE store_state ADD COLUMN uid TEXT;
