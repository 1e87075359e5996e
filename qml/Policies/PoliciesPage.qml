// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// The chain of policies, in the order they run, and the one that is looked at.
FocusScope {
    id: root

    required property PoliciesModel policies
    required property PolicyEditor editor

    /// Shows a policy and puts the keyboard on its card.
    function show(policyId: string) {
        for (let i = 0; i < cards.count; ++i) {
            const card = cards.itemAt(i) as PolicyCard;
            if (card && card.policyId === policyId)
                card.take(Qt.TabFocusReason);
        }
        root.change(policyId);
    }

    /// Opens a policy, or a new one for an empty id; asks first if that would drop changes.
    function change(policyId: string) {
        if (root.editor.open && !root.editor.isNew && root.editor.policyId === policyId)
            return;
        if (!root.editor.unsaved)
            return root.open(policyId);
        discard.policyName = root.editor.name === "" ? root.editor.title : root.editor.name;
        discard.wantedId = policyId;
        discard.open();
    }

    function open(policyId: string) {
        if (policyId === "")
            root.editor.openNew();
        else
            root.editor.openPolicy(policyId);
    }

    Rectangle {
        anchors.fill: parent
        anchors.rightMargin: root.width - list.width
        color: Theme.panel
    }

    FocusScope {
        id: list

        anchors.left: parent.left
        anchors.top: parent.top
        anchors.bottom: parent.bottom
        width: Math.min(420, Math.max(380, root.width * 0.4))
        focus: true

        PlainLabel {
            id: heading

            x: 20
            height: Theme.paneHeader - Theme.space3
            verticalAlignment: Text.AlignVCenter
            text: qsTr("Policies")
            font.pixelSize: Theme.titleSize
            font.weight: Font.DemiBold
            textFormat: Text.PlainText
            Accessible.role: Accessible.Heading
            Accessible.name: heading.text
        }

        PushButton {
            objectName: "addPolicy"
            anchors.right: parent.right
            anchors.rightMargin: Theme.space4
            anchors.verticalCenter: heading.verticalCenter
            glyph: "plus"
            text: qsTr("Add policy")
            onClicked: root.change("")
        }

        PlainLabel {
            id: explanation

            x: 20
            anchors.top: heading.bottom
            width: parent.width - 40
            text: qsTr("Each reply passes them from top to bottom. Shadow watches and records; Enforce steps in.")
            color: Theme.text3
            wrapMode: Text.Wrap
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }

        PlainLabel {
            id: trouble

            x: 20
            anchors.top: explanation.bottom
            anchors.topMargin: text === "" ? 0 : Theme.space2
            width: parent.width - 40
            height: text === "" ? 0 : implicitHeight
            text: root.policies.problem
            color: Theme.failure
            wrapMode: Text.Wrap
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
            Accessible.role: Accessible.AlertMessage
            Accessible.name: trouble.text
            Accessible.ignored: trouble.text === ""
        }

        PageScroll {
            id: page

            anchors.left: parent.left
            anchors.right: parent.right
            anchors.top: trouble.bottom
            anchors.topMargin: Theme.space3
            anchors.bottom: parent.bottom
            contentHeight: chain.height + Theme.space5

            Column {
                id: chain

                x: Theme.space4
                width: page.width - 2 * Theme.space4
                spacing: Theme.space2

                Repeater {
                    id: cards

                    model: root.policies
                    delegate: PolicyCard {
                        id: card

                        width: chain.width
                        focus: card.index === 0
                        current: root.editor.open && !root.editor.isNew && root.editor.policyId === card.policyId
                        onChosen: root.change(card.policyId)
                        onModeChosen: mode => root.policies.setMode(card.policyId, mode)
                        onNeighbourWanted: step => {
                            const neighbour = cards.itemAt(card.index + step) as PolicyCard;
                            if (neighbour)
                                neighbour.take(Qt.TabFocusReason);
                        }
                        onBackToFileWanted: root.policies.backToFile(card.policyId)
                        onActiveFocusChanged: {
                            if (card.activeFocus)
                                page.reveal(card);
                        }
                    }
                }
            }
        }

        PlainLabel {
            anchors.centerIn: page
            width: page.width - 2 * Theme.space5
            visible: root.policies.count === 0
            text: qsTr("No policies: every reply passes as it comes. Add one here, or write it in the configuration file.")
            color: Theme.text3
            horizontalAlignment: Text.AlignHCenter
            wrapMode: Text.Wrap
            textFormat: Text.PlainText
        }
    }

    Rule {
        id: edge

        anchors.left: list.right
        anchors.top: parent.top
        anchors.bottom: parent.bottom
    }

    PolicyEditorPane {
        anchors.left: edge.right
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: parent.bottom
        editor: root.editor
        onRemoveWanted: policyId => {
            question.policyId = policyId;
            question.open();
        }
    }

    DiscardQuestion {
        id: discard

        onConfirmed: root.open(discard.wantedId)
    }

    RemoveQuestion {
        id: question

        onConfirmed: {
            root.editor.close();
            root.policies.remove(question.policyId);
        }
    }
}
