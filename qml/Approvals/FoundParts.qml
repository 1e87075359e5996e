// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Theme

// What the policy that asks has found in the call.
Column {
    id: root

    required property list<string> parts

    visible: root.parts.length > 0
    spacing: 2

    PlainLabel {
        text: qsTr("What it found")
        color: Theme.text3
        font.pixelSize: Theme.metaSize
        textFormat: Text.PlainText
    }

    Repeater {
        model: root.parts
        delegate: CodeText {
            required property string modelData

            width: root.width
            text: modelData
            color: Theme.block
            wrapMode: Text.WrapAnywhere
            maximumLineCount: 3
            elide: Text.ElideRight
            textFormat: Text.PlainText
        }
    }
}
