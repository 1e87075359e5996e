// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// What of the session could not be read, why, and the way to try again.
Rectangle {
    id: root

    /// Empty = all could be read.
    required property string error
    readonly property bool shown: root.error !== ""

    signal retryWanted

    implicitHeight: root.shown ? Math.max(44, words.implicitHeight + 2 * Theme.space2) : 0
    visible: root.shown
    color: Theme.failureSoft
    Accessible.role: Accessible.AlertMessage
    Accessible.name: words.text

    Glyph {
        id: mark

        x: Theme.space5
        anchors.verticalCenter: parent.verticalCenter
        name: "triangle"
        size: 14
        tint: Theme.failure
    }

    PlainLabel {
        id: words

        anchors.left: mark.right
        anchors.leftMargin: Theme.space2
        anchors.right: retry.left
        anchors.rightMargin: Theme.space3
        anchors.verticalCenter: parent.verticalCenter
        text: qsTr("The session could not be read: %1").arg(root.error)
        color: Theme.failure
        font.pixelSize: Theme.secondarySize
        wrapMode: Text.Wrap
        textFormat: Text.PlainText
        Accessible.ignored: true
    }

    PushButton {
        id: retry

        objectName: "readAgain"
        anchors.right: parent.right
        anchors.rightMargin: Theme.space5
        anchors.verticalCenter: parent.verticalCenter
        glyph: "undo"
        text: qsTr("Try again")
        onClicked: root.retryWanted()
    }
}
