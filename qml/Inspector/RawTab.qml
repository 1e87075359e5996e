// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// Every recorded event of the call, and the bytes of the one that is open.
FocusScope {
    id: root

    required property InspectedCall call
    required property Clipboard clipboard
    property bool hex: false

    onVisibleChanged: {
        if (root.visible)
            root.call.wantEvents();
    }
    Component.onCompleted: {
        if (root.visible)
            root.call.wantEvents();
    }

    LineList {
        id: list

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.topMargin: 6
        height: root.call.eventSeq < 0 ? parent.height - 6 : Math.round(parent.height * 0.45)
        focus: true
        rowHeight: 24
        rows: RowWindowModel {
            source: root.call.events
        }
        Accessible.name: qsTr("Events")
        onActivated: root.call.openEvent(list.currentRow)
        delegate: EventLine {
            id: line

            required property int row
            required property bool present

            y: Math.round((line.row - list.topRow) * list.rowHeight)
            width: list.width
            height: list.rowHeight
            visible: line.present
            current: line.row === list.currentRow
            opened: line.seq === root.call.eventSeq
            onChosen: {
                list.goTo(line.row);
                list.forceActiveFocus(Qt.MouseFocusReason);
                root.call.openEvent(line.row);
            }
        }
    }

    FocusRing {
        anchors.fill: list
        anchors.margins: 1
        shown: list.activeFocus
    }

    PlainLabel {
        anchors.centerIn: list
        visible: root.call.events.count === 0
        text: root.call.eventsLoaded ? qsTr("Nothing was recorded.") : qsTr("Reading…")
        color: Theme.text3
        textFormat: Text.PlainText
    }

    Rule {
        id: edge

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: list.bottom
        visible: root.call.eventSeq >= 0
    }

    Item {
        id: bar

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: edge.bottom
        height: 40
        visible: edge.visible

        SectionTitle {
            x: 20
            anchors.verticalCenter: parent.verticalCenter
            text: qsTr("Event %1").arg(root.call.eventSeq)
        }

        SegmentedChoice {
            anchors.right: parent.right
            anchors.rightMargin: 12
            anchors.verticalCenter: parent.verticalCenter
            words: [qsTr("Text"), qsTr("Bytes")]
            current: root.hex ? 1 : 0
            name: qsTr("Shown as")
            onChosen: index => root.hex = index === 1
        }
    }

    JsonTree {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: bar.bottom
        anchors.bottom: parent.bottom
        visible: edge.visible && !root.hex
        searchable: false
        tree: root.call.eventText
        clipboard: root.clipboard
        name: qsTr("Text of the event")
    }

    LineList {
        id: bytes

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: bar.bottom
        anchors.bottom: parent.bottom
        visible: edge.visible && root.hex
        rows: RowWindowModel {
            source: root.call.eventBytes
        }
        Accessible.name: qsTr("Bytes of the event")
        delegate: ByteLine {
            id: byteLine

            required property int row
            required property bool present

            y: Math.round((byteLine.row - bytes.topRow) * bytes.rowHeight)
            width: bytes.width
            height: bytes.rowHeight
            visible: byteLine.present
        }
    }
}
