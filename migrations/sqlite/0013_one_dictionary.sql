-- SPDX-License-Identifier: Apache-2.0
-- Small blocks are packed with a dictionary that the program brings: the codec alone names it.
ALTER TABLE content DROP COLUMN dictionary_id;
--;
ALTER TABLE block DROP COLUMN dictionary_id;
--;
DROP TABLE codec_dictionary;
