// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// The answers that go on counting, and the way to take each back.
FocusScope {
    id: root

    required property ApprovalRulesModel rules

    signal callWanted(string sessionId, string callId)

    /// Shows one, if it is still in force.
    function show(ruleId: string) {
        root.rules.refresh();
        const row = root.rules.rowOf(ruleId);
        if (row < 0)
            return;
        list.currentIndex = row;
        list.positionViewAtIndex(row, ListView.Contain);
        root.rules.look(ruleId);
    }

    // What expires or is answered meanwhile.
    Timer {
        interval: 1000
        repeat: true
        running: root.visible
        triggeredOnStart: true
        onTriggered: root.rules.refresh()
    }

    ListView {
        id: list

        objectName: "ruleList"
        anchors.fill: parent
        anchors.leftMargin: Theme.space5
        anchors.rightMargin: Theme.space5
        topMargin: Theme.space3
        bottomMargin: Theme.space4
        spacing: Theme.space2
        clip: true
        focus: true
        activeFocusOnTab: true
        boundsBehavior: Flickable.StopAtBounds
        keyNavigationEnabled: true
        currentIndex: -1
        model: root.rules
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Rules")
        delegate: RuleRow {
            id: rule

            width: list.width
            current: root.rules.lookedAt === rule.ruleId
            focused: list.activeFocus
            preview: rule.current ? root.rules.trial.text : ""
            onChosen: {
                list.currentIndex = rule.index;
                list.forceActiveFocus(Qt.MouseFocusReason);
                root.rules.look(rule.ruleId);
            }
            onRevoked: root.rules.revoke(rule.ruleId)
            onCallWanted: root.callWanted(rule.sessionId, rule.callId)
        }

        Keys.onPressed: event => {
            const rule = list.currentItem as RuleRow;
            event.accepted = true;
            if (event.key === Qt.Key_J)
                list.incrementCurrentIndex();
            else if (event.key === Qt.Key_K)
                list.decrementCurrentIndex();
            else if (rule && (event.key === Qt.Key_Return || event.key === Qt.Key_Space))
                rule.chosen();
            else if (rule && event.key === Qt.Key_Delete && !event.isAutoRepeat)
                rule.revoked();
            else
                event.accepted = false;
        }

        WheelScroll {
            onScrolled: pixels => list.contentY = Math.max(list.originY - list.topMargin, Math.min(list.originY + list.contentHeight + list.bottomMargin - list.height, list.contentY + pixels))
        }
    }

    PlainLabel {
        objectName: "rulesProblem"
        anchors.bottom: parent.bottom
        x: Theme.space5
        visible: text !== ""
        text: root.rules.problem
        color: Theme.failure
        font.pixelSize: Theme.secondarySize
        textFormat: Text.PlainText
    }

    EmptyNote {
        anchors.fill: parent
        visible: root.rules.count === 0
        glyph: "shield"
        title: qsTr("No rules")
        text: qsTr("An answer that counts for longer than once becomes a rule. It stands here with what it has answered, and can be taken back at any time.")
    }
}
