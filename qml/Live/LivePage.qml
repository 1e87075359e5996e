// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// What runs now, over all sessions. A call that is chosen opens in its conversation, where it is being written.
FocusScope {
    id: root

    required property LiveCallsModel calls
    property string currentCall: ""

    signal sessionWanted(string sessionId, string callId)

    function choose(row: int) {
        const bounded = Math.max(0, Math.min(root.calls.count - 1, row));
        root.currentCall = root.calls.callAt(bounded);
        list.ensureVisible(bounded);
    }

    function chooseNext(step: int) {
        const row = root.calls.rowOf(root.currentCall);
        root.choose(row < 0 ? 0 : row + step);
    }

    function openCurrent() {
        const row = root.calls.rowOf(root.currentCall);
        if (row >= 0)
            root.sessionWanted(root.calls.sessionAt(row), root.currentCall);
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.canvas
    }

    PlainLabel {
        id: heading

        x: Theme.space5
        height: Theme.paneHeader - 1
        verticalAlignment: Text.AlignVCenter
        text: qsTr("Live")
        font.pixelSize: Theme.titleSize
        font.weight: Font.DemiBold
        textFormat: Text.PlainText
        Accessible.role: Accessible.Heading
        Accessible.name: heading.text
    }

    Row {
        anchors.right: parent.right
        anchors.rightMargin: Theme.space5
        anchors.verticalCenter: heading.verticalCenter
        spacing: Theme.space3
        visible: root.calls.count > 0

        Badge {
            visible: root.calls.waiting > 0
            glyph: "pause"
            label: qsTr("%1 waiting for you").arg(root.calls.waiting)
            tint: Theme.hold
            fill: Theme.holdSoft
        }

        PlainLabel {
            anchors.verticalCenter: parent.verticalCenter
            text: qsTr("%1 running").arg(root.calls.running)
            color: Theme.text2
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }
    }

    Rule {
        id: edge

        anchors.top: heading.bottom
        width: parent.width
    }

    RowWindow {
        id: list

        objectName: "live.list"
        anchors.top: edge.bottom
        anchors.topMargin: Theme.space2
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        focus: true
        activeFocusOnTab: true
        rowHeight: 56
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Calls that run now")
        rows: RowWindowModel {
            source: root.calls
        }
        delegate: LiveCallRow {
            id: call

            required property int row
            required property bool present

            y: Math.round((call.row - list.topRow) * list.rowHeight)
            width: list.width
            height: list.rowHeight
            visible: call.present
            current: call.callId !== "" && call.callId === root.currentCall
            focused: list.activeFocus
            onChosen: {
                root.currentCall = call.callId;
                root.openCurrent();
            }
        }

        Keys.onPressed: event => {
            const page = Math.max(1, Math.floor(list.visibleRows) - 1);
            event.accepted = true;
            if (event.key === Qt.Key_Down || event.key === Qt.Key_J)
                root.chooseNext(1);
            else if (event.key === Qt.Key_Up || event.key === Qt.Key_K)
                root.chooseNext(-1);
            else if (event.key === Qt.Key_PageDown)
                root.chooseNext(page);
            else if (event.key === Qt.Key_PageUp)
                root.chooseNext(-page);
            else if (event.key === Qt.Key_Home)
                root.choose(0);
            else if (event.key === Qt.Key_End)
                root.choose(root.calls.count - 1);
            else if (event.key === Qt.Key_Return || event.key === Qt.Key_Enter || event.key === Qt.Key_Space)
                root.openCurrent();
            else
                event.accepted = false;
        }
    }

    Column {
        anchors.centerIn: parent
        width: Math.min(420, parent.width - 2 * Theme.space5)
        spacing: Theme.space2
        visible: root.calls.count === 0

        PlainLabel {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            text: qsTr("Nothing runs now")
            font.weight: Font.Medium
            textFormat: Text.PlainText
        }

        PlainLabel {
            width: parent.width
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            text: qsTr("Every call stands here from its request to some seconds after its end: what it does now, how fast, and its newest line.")
            color: Theme.text3
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }
    }
}
