// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls

// The head of one entry of a list in a form, with the way to remove it.
Item {
    id: root

    required property int level
    required property string title
    property bool readOnly: false

    signal removeWanted

    implicitHeight: 40

    Rule {
        x: 18 * root.level
        y: 2
        width: parent.width - x
    }

    PlainLabel {
        x: 18 * root.level
        anchors.verticalCenter: parent.verticalCenter
        text: root.title
        font.weight: Font.DemiBold
        textFormat: Text.PlainText
    }

    PushButton {
        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        visible: !root.readOnly
        glyph: "trash"
        text: qsTr("Remove")
        Accessible.name: qsTr("Remove %1").arg(root.title)
        onClicked: root.removeWanted()
    }
}
