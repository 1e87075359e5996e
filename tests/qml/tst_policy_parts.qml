// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Desktop
import Luthien.Policies

// What the page has around the settings: order, test bench, past calls, versions, presets, files, scripts.
TestCase {
    id: root

    name: "PolicyParts"
    width: 1200
    height: 800
    when: windowShown
    visible: true

    PoliciesPage {
        id: page

        anchors.fill: parent
        policies: fixture.policyParts.policies
        editor: fixture.policyParts.editor
        bench: fixture.policyParts.bench
        backtest: fixture.policyParts.backtest
        versions: fixture.policyParts.versions
        presets: fixture.policyParts.presets
        policyImport: fixture.policyParts.policyImport
        sessionId: "s1"
    }

    function items(item, wanted) {
        let found = wanted(item) ? [item] : [];
        for (let i = 0; i < item.children.length; ++i)
            found = found.concat(items(item.children[i], wanted));
        return found;
    }

    function card(id) {
        return items(page, item => item.policyId === id && item.modeChosen !== undefined)[0];
    }

    function line(label) {
        return items(page, item => item.label === label && item.reason !== undefined)[0];
    }

    function field(label) {
        return items(line(label), item => item.textEdited !== undefined || item.typed !== undefined)[0];
    }

    function answer(name) {
        const found = findChild(page.Window.window, name) || findChild(page, name);
        tryVerify(() => found.visible);
        waitForRendering(page);
        return found;
    }

    function press(item) {
        findChild(page, "policySettings").reveal(item);
        waitForRendering(page);
        mouseClick(item);
    }

    function type(label, text) {
        press(field(label));
        verify(field(label).activeFocus);
        for (const key of text)
            keyClick(key);
        compare(field(label).text, text);
    }

    function test_a1_movesByKeyboardAndByMouse() {
        compare(fixture.policyParts.order, "from-file sql rules tool-rules");
        const sql = findChild(page, "card.sql");
        sql.forceActiveFocus(Qt.TabFocusReason);
        keyClick(Qt.Key_Down, Qt.AltModifier);
        compare(fixture.policyParts.order, "from-file rules sql tool-rules");
        verify(findChild(page, "card.sql").activeFocus);
        keyClick(Qt.Key_Up, Qt.AltModifier);
        keyClick(Qt.Key_Up, Qt.AltModifier);
        // What the file names runs first.
        compare(fixture.policyParts.order, "from-file sql rules tool-rules");
        waitForRendering(page);
        verify(!findChild(page, "grip.from-file").visible);
        const grip = findChild(page, "grip.tool-rules");
        const distance = card("sql").y - card("tool-rules").y - 10;
        mousePress(grip, 8, 8);
        for (let step = 1; step <= 10; ++step)
            mouseMove(grip, 8, 8 + distance * step / 10, 1);
        compare(findChild(page, "chain").carriedTo, 1);
        mouseRelease(grip, 8, 8 + distance);
        tryCompare(fixture.policyParts, "order", "from-file tool-rules sql rules");
        compare(findChild(page, "chain").carriedTo, -1);
        compare(card("tool-rules").index, 1);
    }

    function test_a2_triesTheDraftWhileItIsWritten() {
        page.show("tool-rules");
        mouseClick(findChild(page, "policyPart.1"));
        const bench = fixture.policyParts.bench;
        mouseClick(findChild(page, "pickSession"));
        tryCompare(bench, "count", 1);
        const row = items(findChild(page, "benchResults"), item => item.verdictText !== undefined && item.subject !== undefined)[0];
        compare(row.verdict + " " + row.subject, 'block Bash {"command":"rm"}');
        root.width = 744;
        tryVerify(() => page.width === 744 && ["benchExample", "benchInput"].map(name => findChild(page, name)).every(item => item.mapToItem(page, item.width, 0).x <= 720));
        root.width = 1200;
        bench.input = '{"text": "fine"}';
        tryVerify(() => items(findChild(page, "benchResults"), item => item.verdict === "continue" && item.subject !== undefined).length === 1);
        bench.input = "{}";
        tryVerify(() => items(findChild(page, "benchResults"), item => item.verdict === "error" && item.subject !== undefined).length === 1);
        mouseClick(findChild(page, "policyPart.0"));
    }

    function test_a3_listsTheCallsThatWouldEndOtherwise() {
        const backtest = fixture.policyParts.backtest;
        fixture.policyParts.setChanges(20000);
        mouseClick(findChild(page, "policyPart.2"));
        mouseClick(findChild(page, "runBacktest"));
        tryCompare(backtest, "done", true);
        compare(backtest.count, 20000);
        verify(!backtest.stale);
        const list = findChild(page, "backtestList");
        list.forceActiveFocus(Qt.TabFocusReason);
        keyClick(Qt.Key_End);
        tryVerify(() => list.topRow > 19000);
        callSpy.clear();
        keyClick(Qt.Key_Return);
        compare(callSpy.count, 1);
        compare(callSpy.signalArguments[0][0], "s19999");
        fixture.policyParts.editor.name = "another";
        verify(backtest.stale);
        // Another policy's past is another one.
        fixture.policyParts.editor.openPolicy("sql");
        compare(backtest.count, 0);
        mouseClick(findChild(page, "policyPart.0"));
    }

    function test_a4_goesBackToAnOlderVersion() {
        page.show("rules");
        const parts = fixture.policyParts;
        const now = fixture.policyParts.configOf("rules");
        mouseClick(findChild(page, "policyPart.3"));
        verify(parts.answerHistory() > 0);
        verify(parts.versions.count >= 2);
        verify(!parts.versions.canRestore);
        const list = findChild(page, "versionList");
        list.forceActiveFocus(Qt.TabFocusReason);
        keyClick(Qt.Key_Down);
        compare(parts.versions.selected, 1);
        verify(parts.versions.canRestore);
        mouseClick(findChild(page, "versionAgainst.1"));
        verify(findChild(page, "versionLines").count > 0);
        mouseClick(findChild(page, "restoreVersion"));
        verify(fixture.policyParts.configOf("rules") !== now);
        verify(!fixture.policyParts.editor.unsaved);
        parts.answerHistory();
        mouseClick(findChild(page, "policyPart.0"));
    }

    function test_a5_addsAPresetAsAShadow() {
        const presets = fixture.policyParts.presets;
        verify(presets.count > 10);
        mouseClick(findChild(page, "openPresets"));
        const list = answer("presetList");
        for (let row = 0; row < list.count && !findChild(list, "addPreset.No yapping"); ++row)
            list.positionViewAtIndex(row, ListView.Contain);
        const add = findChild(list, "addPreset.No yapping");
        add.forceActiveFocus(Qt.TabFocusReason);
        keyClick(Qt.Key_Return);
        tryVerify(() => card("no-yapping") !== undefined);
        compare(card("no-yapping").mode, PoliciesModel.Shadow);
        tryVerify(() => !add.visible);
        compare(fixture.policyParts.editor.policyId, "no-yapping");
    }

    function test_a6_showsWhatAFileWouldChangeBeforeItDoes() {
        const parts = fixture.policyParts;
        const file = parts.write("policies:\n- id: fresh\n  type: noop\n- id: sql\n  type: destructive-sql\n  name: other\n");
        mouseClick(findChild(page, "policyFiles"));
        const menu = items(page.Window.window.contentItem.parent ?? page, item => item.text === "Import from a file…")[0];
        if (menu)
            mouseClick(menu);
        else
            keyClick(Qt.Key_Return);
        const path = answer("policyFile");
        path.text = file;
        mouseClick(answer("policyFileGo"));
        compare(parts.policyImport.count, 2);
        verify(parts.policyImport.acceptable);
        verify(!parts.order.includes("fresh"));
        mouseClick(answer("acceptImport"));
        compare(parts.policyImport.problem, "");
        verify(parts.order.includes("fresh"));
        keyClick(Qt.Key_Escape);
        tryVerify(() => !path.visible);
    }

    function test_a7_showsAScriptsErrorAtItsLine() {
        mouseClick(findChild(page, "addPolicy"));
        waitForRendering(page);
        mouseClick(findChild(page, "type.javascript"));
        waitForRendering(page);
        tryVerify(() => findChild(page, "scriptText") !== null);
        const text = findChild(page, "scriptText");
        findChild(page, "policySettings").reveal(text.parent);
        text.forceActiveFocus(Qt.MouseFocusReason);
        text.selectAll();
        for (const key of "a(){")
            keyClick(key);
        keyClick(Qt.Key_Return);
        compare(text.text, "a(){\n    ");
        keyClick(Qt.Key_Tab);
        compare(text.text, "a(){\n        ");
        keyClick(Qt.Key_Backtab, Qt.ShiftModifier);
        compare(text.text, "a(){\n    ");
        for (const key of "broken")
            keyClick(key);
        const mark = findChild(page, "errorLine");
        tryCompare(mark, "visible", true);
        compare(mark.y, mark.height);
        compare(fixture.policyParts.bench.problemLine, 2);
        verify(line("Script").problem.includes("line 2"));
        verify(!findChild(page, "savePolicy").enabled);
        // Escape, then Tab, leaves.
        keyClick(Qt.Key_Escape);
        keyClick(Qt.Key_Tab);
        verify(!text.activeFocus);
        fixture.policyParts.editor.close();
    }

    function test_a8_resetsAFieldAndLimitsTheCalls() {
        page.show("sql");
        waitForRendering(page);
        press(findChild(page, "changeScope"));
        tryVerify(() => line("Tools") !== undefined);
        waitForRendering(page);
        type("Tools", "db*");
        compare(fixture.policyParts.editor.scope, "tools db*");
        press(findChild(page, "reset.Tools"));
        compare(fixture.policyParts.editor.scope, "");
        fixture.policyParts.editor.close();
    }

    SignalSpy {
        id: callSpy

        target: page
        signalName: "callWanted"
    }
}
