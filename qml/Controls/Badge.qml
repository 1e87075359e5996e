// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Theme

// A short state: icon and word, since colour alone tells nothing.
Rectangle {
    id: root

    required property string label
    property string glyph: ""
    property color tint: Theme.text2
    property color fill: Theme.hover

    implicitWidth: row.implicitWidth + 2 * Theme.space2
    implicitHeight: 20
    radius: Theme.badgeRadius
    color: root.fill
    Accessible.role: Accessible.StaticText
    Accessible.name: root.label

    Row {
        id: row

        anchors.centerIn: parent
        spacing: Theme.space1

        Glyph {
            anchors.verticalCenter: parent.verticalCenter
            name: root.glyph
            size: 12
            tint: root.tint
            visible: root.glyph !== ""
        }

        PlainLabel {
            anchors.verticalCenter: parent.verticalCenter
            text: root.label
            elide: Text.ElideRight
            maximumLineCount: 1
            color: root.tint
            font.pixelSize: Theme.metaSize
            font.weight: Font.DemiBold
            textFormat: Text.PlainText
        }
    }
}
