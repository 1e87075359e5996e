// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// What came of a question, or that it waits.
Badge {
    id: root

    required property int asked

    readonly property bool waits: root.asked === Asked.Waiting
    readonly property bool stops: root.asked === Asked.Denied || root.asked === Asked.Late

    glyph: root.waits ? "pause" : root.stops ? "barred" : root.asked === Asked.Edited ? "pen" : root.asked === Asked.Withdrawn ? "undo" : "check"
    tint: root.waits ? Theme.hold : root.stops ? Theme.block : root.asked === Asked.Edited ? Theme.modify : root.asked === Asked.Withdrawn ? Theme.text2 : Theme.allow
    fill: root.waits ? Theme.holdSoft : root.stops ? Theme.blockSoft : root.asked === Asked.Edited ? Theme.modifySoft : root.asked === Asked.Withdrawn ? Theme.hover : Theme.allowSoft
}
