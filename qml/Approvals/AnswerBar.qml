// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// The answers to the call that is shown. A press counts only if the question stood there, in a window in front, when it
// began: until then the buttons do not take it.
FocusScope {
    id: root

    required property PendingApprovals approvals
    /// Offered where there is room to write.
    property bool editable: false
    readonly property alias message: message.text

    /// Puts the keyboard on the answer that does least.
    function take(reason: int) {
        deny.forceActiveFocus(reason);
    }

    /// Puts it where the reason of a denial is written.
    function explain() {
        message.forceActiveFocus(Qt.ShortcutFocusReason);
    }

    function denyNow() {
        root.approvals.deny(root.approvals.promptId, message.text);
    }

    function allowNow() {
        if (root.approvals.edit.open)
            root.approvals.allowEdited(root.approvals.promptId);
        else
            root.approvals.allow(root.approvals.promptId);
    }

    /// What a button does: an answer that goes on counting says for how long.
    function withReach(word: string, once: string): string {
        const reach = root.approvals.reach;
        return reach.wide ? qsTr("%1: %2").arg(word).arg(reach.durations[reach.duration]) : once;
    }

    implicitHeight: Theme.button + 2

    LineField {
        id: message

        objectName: "denyMessage"
        anchors.left: parent.left
        anchors.right: buttons.left
        anchors.rightMargin: Theme.space2
        placeholderText: qsTr("What the agent is told if you deny (may be empty)")
        maximumLength: 500
        Accessible.name: qsTr("Message to the agent")
        onTextEdited: root.approvals.touch()
        Keys.onEscapePressed: root.take(Qt.OtherFocusReason)
    }

    Row {
        id: buttons

        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.space2

        AnswerButton {
            id: deny

            objectName: "denyCall"
            focus: true
            ready: root.approvals.armed
            glyph: "barred"
            glyphTint: Theme.block
            text: root.withReach(message.text === "" ? qsTr("Deny") : qsTr("Deny with message"), message.text === "" ? qsTr("Deny") : qsTr("Deny with message"))
            onClicked: root.denyNow()
        }

        PushButton {
            objectName: "editCall"
            visible: root.editable && !root.approvals.edit.open
            enabled: root.approvals.shown.state === Asked.Waiting
            glyph: "pen"
            text: qsTr("Edit…")
            onClicked: {
                root.approvals.touch();
                root.approvals.edit.begin();
            }
        }

        AnswerButton {
            objectName: "allowCall"
            ready: root.approvals.armed && (!root.approvals.edit.open || root.approvals.edit.ready)
            glyph: "check"
            glyphTint: Theme.allow
            text: root.approvals.edit.open ? qsTr("Allow the changed call") : root.withReach(qsTr("Allow"), qsTr("Allow once"))
            onClicked: root.allowNow()
        }
    }

    // What was written for one question is not said to another.
    Connections {
        target: root.approvals.shown

        function onChanged() {
            message.clear();
        }
    }
}
