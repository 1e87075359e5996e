// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Theme

// What a policy may do: nothing, watch, or step in.
SegmentedChoice {
    words: [qsTr("Off"), qsTr("Shadow"), qsTr("Enforce")]
    glyphs: ["", "eye", "shield"]
    tints: [Theme.text, Theme.hold, Theme.allow]
    fills: [Theme.hover, Theme.holdSoft, Theme.allowSoft]
}
