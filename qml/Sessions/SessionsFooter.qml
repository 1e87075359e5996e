// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// How many sessions there are and what they take; of those that are selected, if some are.
Item {
    id: root

    required property SessionsModel sessions
    required property SessionSelection selection

    signal menuWanted

    implicitHeight: 34

    Rule {
        anchors.top: parent.top
        width: parent.width
        height: 1
    }

    PlainLabel {
        id: words

        x: 20
        anchors.verticalCenter: parent.verticalCenter
        width: more.x - words.x - Theme.space2
        text: {
            if (root.sessions.error !== "" && root.sessions.shownCount > 0)
                return qsTr("Not all could be read: %1").arg(root.sessions.error);
            if (root.selection.count > 1)
                return qsTr("%1 selected  ·  %2").arg(root.selection.count).arg(root.selection.size);
            if (root.sessions.narrowed)
                return root.sessions.searching ? qsTr("%1 so far…").arg(root.sessions.shownText) : qsTr("%1 of %2").arg(root.sessions.shownText).arg(root.sessions.countText);
            return qsTr("%1 stored").arg(root.sessions.storedSize);
        }
        color: root.sessions.error !== "" ? Theme.failure : Theme.text3
        elide: Text.ElideRight
        font.pixelSize: Theme.metaSize
        textFormat: Text.PlainText
    }

    PushButton {
        id: retry

        anchors.right: more.left
        anchors.verticalCenter: parent.verticalCenter
        visible: root.sessions.error !== "" && root.sessions.shownCount > 0
        quiet: true
        text: qsTr("Try again")
        onClicked: root.sessions.retry()
    }

    PushButton {
        id: more

        anchors.right: parent.right
        anchors.rightMargin: Theme.space3
        anchors.verticalCenter: parent.verticalCenter
        objectName: "sessionMenu"
        quiet: true
        glyph: "more"
        Accessible.name: qsTr("What to do with the selected sessions")
        onClicked: root.menuWanted()
    }
}
