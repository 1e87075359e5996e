-- SPDX-License-Identifier: Apache-2.0
UPDATE session SET
    block_decisions = block_decisions + :block,
    replace_decisions = replace_decisions + :replace,
    hold_decisions = hold_decisions + :hold,
    shadow_decisions = shadow_decisions + :shadow
WHERE id = :session
