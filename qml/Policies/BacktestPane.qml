// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// The draft over what was recorded: which calls would have ended otherwise.
FocusScope {
    id: root

    required property BacktestModel backtest
    property int currentRow: 0

    signal callWanted(string sessionId, string callId)

    function step(rows: int) {
        root.currentRow = Math.max(0, Math.min(root.backtest.count - 1, root.currentRow + rows));
        list.ensureVisible(root.currentRow);
    }

    function show(row: int) {
        if (root.backtest.callOf(row) !== "")
            root.callWanted(root.backtest.sessionOf(row), root.backtest.callOf(row));
    }

    Column {
        id: head

        x: Theme.space5
        y: Theme.space3
        width: root.width - 2 * Theme.space5
        spacing: Theme.space2

        PlainLabel {
            width: parent.width
            text: qsTr("Runs the draft, saved or not, over recorded calls as if it had been enforced then. What other policies did stands.")
            color: Theme.text3
            wrapMode: Text.Wrap
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }

        Row {
            width: parent.width
            spacing: Theme.space2
            z: 1

            FilterField {
                id: filter

                objectName: "backtestFilter"
                width: parent.width - start.width - Theme.space2
                input: root.backtest.filter
                name: qsTr("Which calls")
                placeholderText: qsTr("All calls, or such as client:claude-code since:7d")
            }

            PushButton {
                id: start

                objectName: root.backtest.running ? "stopBacktest" : "runBacktest"
                height: 32
                primary: !root.backtest.running
                glyph: root.backtest.running ? "stop" : "play"
                text: root.backtest.running ? qsTr("Stop") : qsTr("Run")
                onClicked: root.backtest.running ? root.backtest.cancel() : root.backtest.run()
            }
        }

        Rectangle {
            width: parent.width
            height: 4
            radius: 2
            visible: root.backtest.running
            color: Theme.hover
            Accessible.role: Accessible.ProgressBar
            Accessible.name: root.backtest.progress

            Rectangle {
                width: parent.width * root.backtest.share
                height: parent.height
                radius: 2
                color: Theme.fill
            }
        }

        PlainLabel {
            id: said

            objectName: "backtestSaid"
            width: parent.width
            visible: said.text !== ""
            text: root.backtest.problem !== "" ? root.backtest.problem : root.backtest.running ? root.backtest.progress : root.backtest.summary
            color: root.backtest.problem !== "" ? Theme.failure : Theme.text2
            wrapMode: Text.Wrap
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
            Accessible.role: Accessible.AlertMessage
            Accessible.name: said.text
            Accessible.ignored: root.backtest.running // the bar above tells
        }

        PlainLabel {
            width: parent.width
            visible: root.backtest.stale && !root.backtest.running
            text: qsTr("The draft has changed since: run it again.")
            color: Theme.modify
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }
    }

    RowWindow {
        id: list

        objectName: "backtestList"
        anchors.top: head.bottom
        anchors.topMargin: Theme.space3
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        rowHeight: 52
        focus: true
        activeFocusOnTab: true
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Calls that would have ended otherwise")
        rows: RowWindowModel {
            source: root.backtest
        }
        delegate: BacktestRow {
            id: change

            required property int row
            required property bool present

            y: Math.round((change.row - list.topRow) * list.rowHeight)
            width: list.width
            height: list.rowHeight
            visible: change.present
            current: list.activeFocus && change.row === root.currentRow
            onChosen: {
                root.currentRow = change.row;
                list.forceActiveFocus(Qt.MouseFocusReason);
            }
            onOpened: root.show(change.row)
        }

        Keys.onDownPressed: root.step(1)
        Keys.onUpPressed: root.step(-1)
        Keys.onReturnPressed: root.show(root.currentRow)
        Keys.onPressed: event => {
            const page = Math.max(1, Math.floor(list.visibleRows) - 1);
            const steps = event.key === Qt.Key_J ? 1 : event.key === Qt.Key_K ? -1 : event.key === Qt.Key_PageDown ? page : event.key === Qt.Key_PageUp ? -page : event.key === Qt.Key_Home ? -root.backtest.count : event.key === Qt.Key_End ? root.backtest.count : 0;
            event.accepted = steps !== 0;
            root.step(steps);
        }
    }

    PlainLabel {
        anchors.centerIn: list
        width: Math.min(360, list.width - 2 * Theme.space5)
        visible: root.backtest.count === 0 && !root.backtest.running
        text: root.backtest.done ? qsTr("No call would have ended otherwise.") : qsTr("Calls that would have ended otherwise are listed here.")
        color: Theme.text3
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
        textFormat: Text.PlainText
    }
}
