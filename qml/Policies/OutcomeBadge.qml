// SPDX-License-Identifier: Apache-2.0
import Luthien.Controls
import Luthien.Theme

// What becomes of something: passes, changed, blocked, asked about, or unreadable.
Badge {
    id: root

    required property string verdict

    glyph: root.verdict === "block" ? "barred" : root.verdict === "replace" ? "pen" : root.verdict === "hold" ? "person" : root.verdict === "error" ? "triangle" : "check"
    tint: root.verdict === "block" ? Theme.block : root.verdict === "replace" ? Theme.modify : root.verdict === "hold" ? Theme.hold : root.verdict === "error" ? Theme.failure : Theme.allow
    fill: root.verdict === "block" ? Theme.blockSoft : root.verdict === "replace" ? Theme.modifySoft : root.verdict === "hold" ? Theme.holdSoft : root.verdict === "error" ? Theme.failureSoft : Theme.allowSoft
}
