// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// The chain, a card for each policy in the order they run, and what can be done with all of it.
FocusScope {
    id: root

    required property PoliciesModel policies
    required property PolicyEditor editor
    /// Where a card that is carried would come to stand; -1 = none is.
    property int carriedTo: -1

    /// Empty = a new one.
    signal policyWanted(string policyId)
    signal presetsWanted
    signal importWanted
    signal exportWanted
    signal callWanted(string sessionId, string callId)

    /// Its id; empty = there is none.
    function firstPolicy(): string {
        return (cards.itemAt(0) as PolicyCard)?.policyId ?? "";
    }

    /// Puts the keyboard on a policy's card.
    function take(policyId: string) {
        for (let i = 0; i < cards.count; ++i) {
            const card = cards.itemAt(i) as PolicyCard;
            if (card && card.policyId === policyId)
                card.take(Qt.TabFocusReason);
        }
    }

    /// Where a card that was carried so far would stand: past the last one whose middle it has passed.
    function rowAt(index: int, distance: real): int {
        const carried = cards.itemAt(index);
        const middle = carried.y + carried.height / 2 + distance;
        let row = index;
        for (let i = index - 1; i >= 0; --i) {
            if (middle < cards.itemAt(i).y + cards.itemAt(i).height / 2 && root.policies.canMove(index, i))
                row = i;
        }
        for (let i = index + 1; i < cards.count; ++i) {
            if (middle > cards.itemAt(i).y + cards.itemAt(i).height / 2 && root.policies.canMove(index, i))
                row = i;
        }
        return row;
    }

    function move(from: int, to: int) {
        root.policies.move(from, to);
        const card = cards.itemAt(to) as PolicyCard;
        if (card)
            page.reveal(card);
    }

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

    Row {
        anchors.right: parent.right
        anchors.rightMargin: Theme.space4
        anchors.verticalCenter: heading.verticalCenter
        spacing: Theme.space2

        PushButton {
            id: more

            objectName: "policyFiles"
            glyph: "more"
            Accessible.name: qsTr("Policies and files")
            onClicked: menu.openAt(more, 0, more.height + Theme.space1)
        }

        PushButton {
            objectName: "openPresets"
            glyph: "box"
            text: qsTr("Presets")
            onClicked: root.presetsWanted()
        }

        PushButton {
            objectName: "addPolicy"
            glyph: "plus"
            text: qsTr("Add policy")
            onClicked: root.policyWanted("")
        }
    }

    PopupMenu {
        id: menu

        name: qsTr("Policies and files")

        MenuRow {
            glyph: "file"
            text: qsTr("Import from a file…")
            onClicked: {
                menu.close();
                root.importWanted();
            }
        }

        MenuRow {
            glyph: "export"
            text: qsTr("Export to a file…")
            enabled: root.policies.count > 0
            onClicked: {
                menu.close();
                root.exportWanted();
            }
        }
    }

    PlainLabel {
        id: explanation

        x: 20
        anchors.top: heading.bottom
        width: parent.width - 40
        text: qsTr("Each reply passes them from top to bottom. Shadow watches and records; Enforce steps in. Drag a card, or press Alt and an arrow, to change the order.")
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
                    current: root.editor.open && !root.editor.isNew && root.editor.policyId === card.policyId
                    awaits: root.carriedTo === card.index
                    onChosen: root.policyWanted(card.policyId)
                    onMoveWanted: step => root.move(card.index, card.index + step)
                    onCarried: distance => root.carriedTo = root.rowAt(card.index, distance)
                    onDropped: distance => {
                        root.carriedTo = -1;
                        root.move(card.index, root.rowAt(card.index, distance));
                    }
                    onCallWanted: (sessionId, callId) => root.callWanted(sessionId, callId)
                    onModeChosen: mode => root.policies.setMode(card.policyId, mode)
                    onNeighbourWanted: step => {
                        const neighbour = cards.itemAt(card.index + step) as PolicyCard;
                        if (neighbour)
                            neighbour.take(Qt.TabFocusReason);
                    }
                    onBackToFileWanted: root.policies.backToFile(card.policyId)
                    // Where the keyboard comes in; a binding would take it away from a card that moves.
                    Component.onCompleted: card.focus = card.index === 0
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
