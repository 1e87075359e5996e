// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// All calls that wait, in the order they came, and beside them the one that is shown with the answers to it.
FocusScope {
    id: root

    required property PendingApprovals approvals
    property bool byKeyboard: false
    readonly property bool editing: root.approvals.edit.open

    signal callWanted(string sessionId, string callId)

    function choose(event: var): bool {
        switch (event.key) {
        case Qt.Key_Down:
        case Qt.Key_J:
            root.approvals.step(1);
            break;
        case Qt.Key_Up:
        case Qt.Key_K:
            root.approvals.step(-1);
            break;
        case Qt.Key_N:
            root.approvals.next();
            break;
        case Qt.Key_PageDown:
            view.scrollBy(view.height / 2);
            break;
        case Qt.Key_PageUp:
            view.scrollBy(-view.height / 2);
            break;
        case Qt.Key_Home:
            view.scrollTo(false);
            break;
        case Qt.Key_End:
            view.scrollTo(true);
            break;
        default:
            return false;
        }
        root.byKeyboard = true;
        list.ensureVisible(root.approvals.list.rowOf(root.approvals.promptId));
        return true;
    }

    // A key that is held, or that comes too early, answers nothing: the controller sees to the second.
    function answer(event: var): bool {
        if (event.isAutoRepeat || event.modifiers & (Qt.ControlModifier | Qt.AltModifier | Qt.MetaModifier))
            return false;
        switch (event.key) {
        case Qt.Key_A:
            bar.allowNow();
            return true;
        case Qt.Key_D:
        case Qt.Key_R:
            bar.denyNow();
            return true;
        case Qt.Key_M:
            bar.explain();
            return true;
        case Qt.Key_E:
            if (!root.approvals.armed)
                return true;
            root.approvals.touch();
            root.approvals.edit.begin();
            return true;
        }
        return false;
    }

    // What was written in is gone: the keyboard goes back to the list.
    onEditingChanged: {
        if (!root.editing && root.visible)
            list.forceActiveFocus(Qt.OtherFocusReason);
    }

    // Only where nothing is written: a letter in a field is a letter.
    Keys.onPressed: event => event.accepted = !root.approvals.edit.open && (root.choose(event) || root.answer(event))

    Rectangle {
        width: list.width
        height: root.height
        color: Theme.panel
    }

    RowWindow {
        id: list

        width: Math.min(Theme.sessionsWidth, root.width * 0.36)
        y: Theme.space1
        height: root.height - Theme.space1
        rowHeight: 68
        focus: true
        activeFocusOnTab: true
        objectName: "waitingList"
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Calls that wait for you")
        rows: RowWindowModel {
            source: root.approvals.list
        }
        delegate: WaitingRow {
            id: waiting

            required property int row
            required property bool present

            y: Math.round((waiting.row - list.topRow) * list.rowHeight)
            width: list.width
            height: list.rowHeight
            visible: waiting.present
            current: waiting.approvalId !== "" && waiting.approvalId === root.approvals.promptId
            focused: list.activeFocus && root.byKeyboard
            onChosen: {
                root.byKeyboard = false;
                list.forceActiveFocus(Qt.MouseFocusReason);
                root.approvals.show(waiting.approvalId);
            }
        }

        HoverHandler {
            onHoveredChanged: root.approvals.list.held = hovered
        }
    }

    Rule {
        id: edge

        x: list.width
        height: root.height
    }

    EmptyNote {
        anchors.left: edge.right
        anchors.right: parent.right
        height: root.height
        visible: !root.approvals.waiting
        glyph: "check"
        title: qsTr("Nothing waits for you")
        text: qsTr("A policy of the type approval, or a rule of tool-rules that says ask, holds a tool call until you have answered. It then stands here.")
    }

    AskedCallView {
        id: view

        anchors.left: edge.right
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: answers.top
        visible: root.approvals.waiting
        approvals: root.approvals
        onCallWanted: (sessionId, callId) => root.callWanted(sessionId, callId)
    }

    Rectangle {
        id: answers

        anchors.left: edge.right
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        height: choices.height + 2 * Theme.space3
        visible: root.approvals.waiting
        color: Theme.panel

        Rule {
            width: parent.width
        }

        Column {
            id: choices

            x: Theme.space5
            y: Theme.space3
            width: answers.width - 2 * choices.x
            spacing: Theme.space2

            // In a low window the call keeps its room, and this scrolls.
            PageScroll {
                width: parent.width
                height: Math.min(reach.height, Math.max(Theme.button + 4, root.height * 0.3))
                visible: !root.approvals.edit.open && view.waits
                contentHeight: reach.height

                ReachChoice {
                    id: reach

                    width: parent.width - 6
                    mostLines: 60
                    reach: root.approvals.reach
                }
            }

            AnswerBar {
                id: bar

                width: parent.width
                visible: view.waits
                editable: true
                approvals: root.approvals
            }

            PlainLabel {
                objectName: "approvalProblem"
                width: parent.width
                visible: root.approvals.problem !== "" || !view.waits
                text: root.approvals.problem !== "" ? root.approvals.problem : qsTr("%1. N goes to the next call that waits.").arg(view.call.outcome)
                color: root.approvals.problem !== "" ? Theme.failure : Theme.text2
                wrapMode: Text.Wrap
                font.pixelSize: Theme.secondarySize
                textFormat: Text.PlainText
            }
        }
    }
}
