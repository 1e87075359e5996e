// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// Above the sessions of a day, of a client, or those that are pinned.
Item {
    id: root

    required property string title
    required property string count

    implicitHeight: Theme.sectionHead
    Accessible.role: Accessible.Heading
    Accessible.name: qsTr("%1, sessions: %2").arg(root.title).arg(root.count)

    PlainLabel {
        anchors.left: parent.left
        anchors.leftMargin: 20
        anchors.right: number.left
        anchors.rightMargin: Theme.space2
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.space2
        text: root.title
        color: Theme.text2
        elide: Text.ElideRight
        font.pixelSize: Theme.secondarySize
        font.weight: Font.Medium
        textFormat: Text.PlainText
        Accessible.ignored: true
    }

    PlainLabel {
        id: number

        anchors.right: parent.right
        anchors.rightMargin: 20
        anchors.bottom: parent.bottom
        anchors.bottomMargin: Theme.space2
        text: root.count
        color: Theme.text3
        font.pixelSize: Theme.metaSize
        textFormat: Text.PlainText
        Accessible.ignored: true
    }
}
