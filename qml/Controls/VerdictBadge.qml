// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Desktop
import Luthien.Theme

// What a policy made of something. A shadow's verdict has the colour of watching, never that of a block.
Badge {
    id: root

    required property int tone

    glyph: root.tone === Block.Blocked ? "barred" : root.tone === Block.Changed ? "pen" : root.tone === Block.Watching ? "eye" : root.tone === Block.Warning ? "triangle" : "check"
    tint: root.tone === Block.Blocked ? Theme.block : root.tone === Block.Changed || root.tone === Block.Warning ? Theme.modify : root.tone === Block.Watching ? Theme.hold : Theme.allow
    fill: root.tone === Block.Blocked ? Theme.blockSoft : root.tone === Block.Changed || root.tone === Block.Warning ? Theme.modifySoft : root.tone === Block.Watching ? Theme.holdSoft : Theme.allowSoft
}
