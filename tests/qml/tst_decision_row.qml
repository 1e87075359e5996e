// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Conversation
import Luthien.Desktop
import Luthien.Theme

TestCase {
    id: root

    name: "DecisionRow"
    width: 800
    height: 400
    when: windowShown
    visible: true

    DecisionRow {
        id: decision

        width: 800
        index: 0
        current: false
        selectedFrom: 0
        selectedTo: 0
        comparison: Block.Closed
        tone: Block.Blocked
        first: true
        last: true
        joined: false
        glyph: "barred"
        title: "sql blocked this call"
        body: "It drops a table."
        detail: "Blocked"
        matched: "sqlite3 f 'DROP TABLE t'"
        marks: [11, 12]
        received: "[blocked]"
        receivedLabel: "The agent received"
    }

    function init() {
        decision.tone = Block.Blocked;
        decision.matched = "sqlite3 f 'DROP TABLE t'";
        decision.received = "[blocked]";
        decision.receivedLabel = "The agent received";
    }

    function test_saysAllOfIt() {
        for (const part of ["Blocked", "sql blocked this call", "It drops a table.", "The agent received [blocked]"])
            verify(decision.Accessible.name.includes(part), part);
    }

    function test_aShadowIsNeverToldAsABlock() {
        decision.tone = Block.Watching;
        decision.receivedLabel = "The agent would have received";
        verify(decision.Accessible.name.includes("The agent would have received"));
        verify(!Qt.colorEqual(decision.tint, Theme.block));
    }

    function test_takesNoRoomForWhatIsNotThere() {
        waitForRendering(decision);
        const full = decision.implicitHeight;
        decision.matched = "";
        tryVerify(() => decision.implicitHeight < full);
        const less = decision.implicitHeight;
        decision.received = "";
        tryVerify(() => decision.implicitHeight < less);
    }

    SignalSpy {
        id: compared

        target: decision
        signalName: "compareWanted"
    }

    function test_offersWhatChangedOnlyWhereThereIsSomething() {
        decision.comparison = Block.Closed;
        waitForRendering(decision);
        const full = decision.implicitHeight;
        const button = findButton(decision, "What changed");
        verify(button);
        compared.clear();
        mouseClick(button);
        compare(compared.signalArguments[0][0], Block.Inline);
        decision.comparison = Block.Inline;
        mouseClick(button);
        compare(compared.signalArguments[1][0], Block.Closed);
        decision.comparison = Block.None;
        tryVerify(() => decision.implicitHeight < full);
    }

    function findButton(item: Item, text: string): Item {
        if (item.text === text && item.clicked !== undefined)
            return item;
        for (let i = 0; i < item.children.length; ++i) {
            const found = findButton(item.children[i], text);
            if (found)
                return found;
        }
        return null;
    }
}
