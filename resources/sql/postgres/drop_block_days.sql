-- SPDX-License-Identifier: Apache-2.0
SELECT drop_block_partitions(:before) AS dropped
