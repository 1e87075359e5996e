// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// What was answered, by whom, and what nobody answered.
FocusScope {
    id: root

    required property ApprovalHistory history
    property int currentRow: 0

    signal callWanted(string sessionId, string callId)
    signal ruleWanted(string ruleId)

    function step(rows: int) {
        root.currentRow = Math.max(0, Math.min(root.history.count - 1, root.currentRow + rows));
        list.ensureVisible(root.currentRow);
    }

    /// Leads to the call that a row is about, if the record has it.
    function show(row: int) {
        if (root.history.sessionOf(row) !== "")
            root.callWanted(root.history.sessionOf(row), root.history.callOf(row));
    }

    Item {
        id: tools

        x: Theme.space5
        y: Theme.space3
        width: root.width - 2 * Theme.space5
        height: flow.height + (problem.visible ? problem.height + Theme.space1 : 0)

        Flow {
            id: flow

            width: parent.width
            spacing: Theme.space2

            SegmentedChoice {
                objectName: "historyPart"
                name: qsTr("Answers")
                words: [qsTr("All"), qsTr("Allowed"), qsTr("Edited"), qsTr("Denied"), qsTr("No answer"), qsTr("By a rule")]
                current: root.history.part
                onChosen: index => root.history.part = index
            }

            LineField {
                objectName: "historyFilter"
                width: Math.min(360, flow.width)
                code: true
                wrong: root.history.filterProblem !== ""
                placeholderText: qsTr("Filter, such as judged.tool:Bash since:2d")
                Accessible.name: qsTr("Filter of the answers")
                onTextEdited: root.history.filter = text
                Keys.onDownPressed: list.forceActiveFocus(Qt.TabFocusReason)
            }
        }

        PlainLabel {
            id: problem

            objectName: "historyProblem"
            anchors.top: flow.bottom
            anchors.topMargin: Theme.space1
            width: parent.width
            visible: text !== ""
            text: root.history.filterProblem !== "" ? root.history.filterProblem : root.history.error
            color: Theme.failure
            elide: Text.ElideRight
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }
    }

    RowWindow {
        id: list

        objectName: "historyList"
        anchors.top: tools.bottom
        anchors.topMargin: Theme.space2
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        rowHeight: 56
        focus: true
        activeFocusOnTab: true
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Answers")
        rows: RowWindowModel {
            source: root.history
        }
        onTopRowChanged: {
            if (list.topRow + 2 * list.visibleRows > root.history.count)
                root.history.loadMore();
        }
        delegate: HistoryRow {
            id: answer

            required property int row
            required property bool present

            y: Math.round((answer.row - list.topRow) * list.rowHeight)
            width: list.width
            height: list.rowHeight
            visible: answer.present
            current: list.activeFocus && answer.row === root.currentRow
            focused: list.activeFocus
            onChosen: {
                root.currentRow = answer.row;
                list.forceActiveFocus(Qt.MouseFocusReason);
            }
            onCallWanted: root.show(answer.row)
            onRuleWanted: root.ruleWanted(answer.ruleId)
        }

        Keys.onDownPressed: root.step(1)
        Keys.onUpPressed: root.step(-1)
        Keys.onReturnPressed: root.show(root.currentRow)
        Keys.onPressed: event => {
            const page = Math.max(1, Math.floor(list.visibleRows) - 1);
            const steps = event.key === Qt.Key_J ? 1 : event.key === Qt.Key_K ? -1 : event.key === Qt.Key_PageDown ? page : event.key === Qt.Key_PageUp ? -page : event.key === Qt.Key_Home ? -root.history.count : event.key === Qt.Key_End ? root.history.count : 0;
            event.accepted = steps !== 0;
            root.step(steps);
        }
    }

    EmptyNote {
        anchors.fill: list
        visible: root.history.count === 0 && root.history.error === ""
        title: root.history.loading ? qsTr("Looking through the record…") : root.history.more ? qsTr("None among the newest decisions") : qsTr("Nothing was answered yet")
        text: root.history.loading || root.history.more ? "" : qsTr("What you allow, change and deny is kept here, with what nobody answered in time.")
    }

    PushButton {
        objectName: "historyMore"
        anchors.horizontalCenter: list.horizontalCenter
        anchors.bottom: list.bottom
        anchors.bottomMargin: Theme.space4
        visible: root.history.more && !root.history.loading && root.history.count <= list.visibleRows
        text: qsTr("Look further back")
        onClicked: root.history.loadMore()
    }
}
