// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// The list of sessions. The selection is a session's id: rows may move under it.
FocusScope {
    id: root

    required property SessionsModel sessions
    property string currentId: ""
    property bool byKeyboard: false

    signal chosen(string sessionId)

    function chooseRow(row: int) {
        const bounded = Math.max(0, Math.min(root.sessions.count - 1, row));
        const id = root.sessions.idAt(bounded);
        if (id === "")
            return;
        list.ensureVisible(bounded);
        root.chosen(id);
    }

    function chooseNext(step: int) {
        const row = root.sessions.rowOf(root.currentId);
        root.chooseRow(row < 0 ? 0 : row + step);
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.panel
    }

    PlainLabel {
        id: heading

        x: 20
        height: Theme.paneHeader - Theme.space3
        verticalAlignment: Text.AlignVCenter
        text: qsTr("Sessions")
        font.pixelSize: Theme.titleSize
        font.weight: Font.DemiBold
        textFormat: Text.PlainText
        Accessible.role: Accessible.Heading
        Accessible.name: heading.text
    }

    Row {
        anchors.right: parent.right
        anchors.rightMargin: 20
        anchors.verticalCenter: heading.verticalCenter
        spacing: 6
        visible: root.sessions.liveCalls > 0

        StatusDot {
            anchors.verticalCenter: parent.verticalCenter
        }

        PlainLabel {
            anchors.verticalCenter: parent.verticalCenter
            text: qsTr("%1 live").arg(root.sessions.liveCalls)
            color: Theme.text2
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }
    }

    RowWindow {
        id: list

        anchors.top: heading.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        focus: true
        activeFocusOnTab: true
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Sessions")
        rows: RowWindowModel {
            source: root.sessions
        }
        delegate: SessionDelegate {
            id: session

            required property int row
            required property bool present

            y: Math.round((session.row - list.topRow) * list.rowHeight)
            width: list.width
            height: list.rowHeight
            visible: session.present
            current: session.sessionId !== "" && session.sessionId === root.currentId
            focused: list.activeFocus && root.byKeyboard
            onChosen: {
                root.byKeyboard = false;
                list.forceActiveFocus(Qt.MouseFocusReason);
                root.chosen(session.sessionId);
            }
        }

        Keys.onPressed: event => {
            const page = Math.max(1, Math.floor(list.visibleRows) - 1);
            event.accepted = true;
            root.byKeyboard = true;
            if (event.key === Qt.Key_Down || event.key === Qt.Key_J)
                root.chooseNext(1);
            else if (event.key === Qt.Key_Up || event.key === Qt.Key_K)
                root.chooseNext(-1);
            else if (event.key === Qt.Key_PageDown)
                root.chooseNext(page);
            else if (event.key === Qt.Key_PageUp)
                root.chooseNext(-page);
            else if (event.key === Qt.Key_Home)
                root.chooseRow(0);
            else if (event.key === Qt.Key_End)
                root.chooseRow(root.sessions.count - 1);
            else
                event.accepted = false;
        }
    }

    PlainLabel {
        anchors.centerIn: list
        width: list.width - 2 * Theme.space5
        visible: text !== ""
        text: root.sessions.error !== "" ? root.sessions.error : root.sessions.loaded && root.sessions.count === 0 ? qsTr("No sessions yet") : ""
        color: Theme.text3
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
        textFormat: Text.PlainText
    }
}
