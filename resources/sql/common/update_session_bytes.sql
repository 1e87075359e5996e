-- SPDX-License-Identifier: Apache-2.0
UPDATE session SET bytes = bytes + :bytes WHERE id = :session
