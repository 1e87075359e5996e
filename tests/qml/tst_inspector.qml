// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Inspector

TestCase {
    id: root

    name: "Inspector"
    width: 392
    height: 700
    when: windowShown
    visible: true

    InspectorPane {
        id: pane

        anchors.fill: parent
        call: fixture.inspector.call
        clipboard: fixture.clipboard
    }

    SignalSpy {
        id: rules

        target: pane
        signalName: "ruleWanted"
    }

    SignalSpy {
        id: calls

        target: pane
        signalName: "callWanted"
    }

    SignalSpy {
        id: replays

        target: pane
        signalName: "replayWanted"
    }

    TextEdit {
        id: pasted

        visible: false
        textFormat: TextEdit.PlainText
    }

    function pastedText() {
        pasted.clear();
        pasted.paste();
        return pasted.text;
    }

    function shown(item, found) {
        if (!item.visible)
            return found;
        if (item.Accessible && item.Accessible.name !== "" && item.text === undefined)
            found.push(item.Accessible.name);
        if (item.text !== undefined && item.text !== "")
            found.push(item.text);
        for (let i = 0; i < item.children.length; ++i)
            shown(item.children[i], found);
        return found;
    }

    function openTab(index) {
        mouseClick(findChild(pane, "inspectorTab." + index));
        fixture.inspector.answer();
        waitForRendering(pane);
    }

    function tree(tab) {
        return findTree(pane, tab);
    }

    function findTree(item, name) {
        if (item instanceof JsonTree && item.name === name && item.visible)
            return item;
        for (let i = 0; i < item.children.length; ++i) {
            const found = findTree(item.children[i], name);
            if (found)
                return found;
        }
        return null;
    }

    function list(tree) {
        for (let i = 0; i < tree.children.length; ++i) {
            if (tree.children[i] instanceof LineList)
                return tree.children[i];
        }
        return null;
    }

    function init() {
        pane.call.show(fixture.inspector.callId);
        fixture.inspector.answer();
        waitForRendering(pane);
        rules.clear();
        replays.clear();
    }

    function cleanup() {
        compare(fixture.fetches, 0);
    }

    function test_1_emptyAndLoading() {
        pane.call.show("");
        verify(shown(pane, []).indexOf("Choose a call to see what was asked, answered and decided") >= 0);
        pane.call.show(fixture.inspector.callId);
        verify(shown(pane, []).indexOf("Reading…") >= 0);
        fixture.inspector.answer();
    }

    function test_2_decisionNamesThePolicyAndWhy() {
        const words = shown(pane, []);
        verify(words.indexOf("Changed") >= 0);
        verify(words.filter(text => text === fixture.hostile).length >= 3);
        verify(words.indexOf("Sent instead") >= 0);
        verify(words.indexOf("86 µs") >= 0);
    }

    function test_2_leadsToWhatWasSentAgain() {
        verify(!findChild(pane, "openOriginal").visible && !findChild(pane, "openResends").visible);
        fixture.inspector.linkCalls(2, true);
        pane.call.show("");
        init();
        calls.clear();
        openTab(0);
        verify(findChild(pane, "openOriginal").visible && findChild(pane, "openResends").visible);
        findChild(pane, "openOriginal").clicked();
        compare(calls.signalArguments[0][0], "before");
        compare(calls.signalArguments[0][1], fixture.inspector.callId);
        findChild(pane, "openResends").clicked();
        compare(calls.signalArguments[1][0], "resent-" + fixture.inspector.callId);
        compare(calls.signalArguments[1][1], "");
        verify(shown(pane, []).indexOf("Sent again 2 times") >= 0);
        fixture.inspector.linkCalls(0, false);
    }

    function test_3_requestIsATreeForTheKeyboard() {
        openTab(1);
        const rows = list(tree("Request"));
        rows.forceActiveFocus();
        compare(rows.rows.total, 3);
        keyClick(Qt.Key_Down);
        keyClick(Qt.Key_Right);
        compare(rows.rows.total, 4);
        keyClick(Qt.Key_Right);
        keyClick(Qt.Key_Right);
        compare(rows.rows.total, 7);
        compare(rows.currentRow, 2);
        keyClick(Qt.Key_Down);
        keyClick(Qt.Key_Left);
        compare(rows.currentRow, 2);
        keyClick(Qt.Key_Left);
        compare(rows.rows.total, 4);
        keyClick(Qt.Key_Home);
        keyClick(Qt.Key_C, Qt.ControlModifier);
        compare(pastedText(), fixture.hostile);
        keyClick(Qt.Key_End);
        keyClick(Qt.Key_Return);
        compare(rows.rows.total, 6);
    }

    function test_4_searchGoesToTheHit() {
        openTab(1);
        const request = tree("Request");
        request.find();
        "two".split("").forEach(letter => keyClick(letter));
        tryCompare(request.tree, "hitText", "1 of 1");
        keyClick(Qt.Key_Escape);
        compare(request.tree.hitText, "");
        verify(list(request).activeFocus);
    }

    function test_5_responseShowsWhatDiffers() {
        openTab(2);
        mouseClick(findChild(pane, "bodyForm.3") || pane);
        pane.call.response.choose(3);
        fixture.inspector.answer();
        waitForRendering(pane);
        verify(pane.call.response.comparing);
        verify(pane.call.response.differences.count > 0);
        pane.call.response.choose(0);
    }

    function test_6_eventsOpenToTheirBytes() {
        openTab(3);
        compare(pane.call.events.count, 40);
        const rows = findRaw(pane);
        rows.forceActiveFocus();
        keyClick(Qt.Key_Down);
        keyClick(Qt.Key_Return);
        fixture.inspector.answer();
        compare(pane.call.eventSeq, 1);
        verify(pane.call.eventText.count > 0);
        waitForRendering(pane);
        verify(shown(pane, []).indexOf("Event 1") >= 0);
    }

    function findRaw(item) {
        if (item instanceof LineList && item.visible && item.rows.total === 40)
            return item;
        for (let i = 0; i < item.children.length; ++i) {
            const found = findRaw(item.children[i]);
            if (found)
                return found;
        }
        return null;
    }

    function test_7_timingNamesEachPhase() {
        openTab(4);
        const words = shown(pane, []);
        verify(words.indexOf("2.5 s") >= 0);
        verify(words.indexOf("Wait for the first byte") >= 0);
        verify(words.indexOf("in all, the reply at 40 tokens/s") >= 0);
    }

    function test_8_isTakenAway() {
        openTab(0);
        mouseClick(findChild(pane, "copyCurl"));
        fixture.inspector.answer();
        compare(pastedText(), "form of http://127.0.0.1:4000");
        compare(findChild(pane, "copyCurl").text, "Copied");
        mouseClick(findChild(pane, "makeRule"));
        compare(rules.count, 1);
        compare(rules.signalArguments[0][0], fixture.hostile);
        mouseClick(findChild(pane, "replayCall"));
        compare(replays.signalArguments[0][0], fixture.inspector.callId);
    }

    function test_9_tabsFollowTheArrows() {
        pane.go(0);
        keyClick(Qt.Key_Right);
        keyClick(Qt.Key_Right);
        compare(pane.tab, 2);
        keyClick(Qt.Key_Left);
        compare(pane.tab, 1);
        pane.tab = 0;
    }
}
