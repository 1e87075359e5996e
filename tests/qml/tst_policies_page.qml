// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Desktop
import Luthien.Policies

TestCase {
    id: root

    name: "PoliciesPage"
    width: 1200
    height: 800
    when: windowShown
    visible: true

    PoliciesPage {
        id: page

        anchors.fill: parent
        policies: fixture.policies
        editor: fixture.editor
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

    function test_1_listsTheChainInOrder() {
        const cards = items(page, item => item.modeChosen !== undefined && item.policyId !== undefined);
        compare(cards.map(each => each.policyId), ["from-file", "sql", "rules"]);
        compare(cards[1].name, fixture.hostile);
        wait(0);
        compare(fixture.fetches, 0);
    }

    function test_1a_isUsedByKeyboard() {
        page.forceActiveFocus(Qt.ShortcutFocusReason);
        const first = findChild(page, "card.from-file");
        verify(first.activeFocus);
        const before = fixture.policies.modeOf("from-file");
        fixture.editor.openPolicy("rules");
        keyClick(Qt.Key_Left);
        keyClick(Qt.Key_Right);
        compare(fixture.policies.modeOf("from-file"), before);
        compare(fixture.editor.policyId, "rules");
        keyClick(Qt.Key_Return);
        compare(fixture.editor.policyId, "from-file");
        keyClick(Qt.Key_Tab);
        verify(findChild(page, "mode.from-file.2").activeFocus);
        keyClick(Qt.Key_Left);
        compare(fixture.policies.modeOf("from-file"), before);
        keyClick(Qt.Key_Tab);
        verify(findChild(page, "card.sql").activeFocus);
        keyClick(Qt.Key_Space);
        compare(fixture.editor.policyId, "sql");
        keyClick(Qt.Key_Down);
        verify(findChild(page, "card.rules").activeFocus);
        compare(fixture.editor.policyId, "sql");
    }

    function test_2_togglesByMouse() {
        mouseClick(findChild(page, "mode.sql.2"));
        compare(fixture.policies.modeOf("sql"), PoliciesModel.Enforce);
        compare(card("sql").mode, PoliciesModel.Enforce);
        compare(card("sql").fileMode, "");
    }

    function test_3_aFilesModeComesBack() {
        mouseClick(findChild(page, "mode.from-file.0"));
        compare(fixture.policies.modeOf("from-file"), PoliciesModel.Off);
        compare(card("from-file").fileMode, "enforce");
        mouseClick(findChild(page, "backToFile.from-file"));
        compare(fixture.policies.modeOf("from-file"), PoliciesModel.Enforce);
    }

    function test_4_aFilesPolicyIsReadOnly() {
        page.show("from-file");
        waitForRendering(page);
        verify(fixture.editor.readOnly);
        verify(!findChild(page, "savePolicy").visible);
    }

    function test_5_editsAndSavesAVersion() {
        page.show("rules");
        const before = card("rules").version;
        const tool = field("Tool");
        tool.forceActiveFocus();
        for (const key of "Bash")
            keyClick(key);
        compare(tool.text, "Bash");
        verify(tool.activeFocus);
        mouseClick(findChild(page, "savePolicy"));
        compare(JSON.parse(fixture.configOf("rules")).rules[0].tool, "Bash");
        verify(card("rules").version !== before);
    }

    function test_6_saysWhyNotAtTheField() {
        page.show("rules");
        const before = fixture.configOf("rules");
        const expression = field("Contains expression");
        expression.forceActiveFocus();
        keyClick("(");
        waitForRendering(page);
        const settings = findChild(page, "policySettings");
        settings.contentY = settings.contentHeight - settings.height;
        if (isOnScreen(line("Contains expression")))
            settings.contentY = 0;
        verify(!isOnScreen(line("Contains expression")));
        mouseClick(findChild(page, "savePolicy"));
        verify(line("Contains expression").problem !== "");
        tryVerify(() => isOnScreen(line("Contains expression")));
        verify(fixture.editor.problem !== "");
        compare(fixture.configOf("rules"), before);
    }

    /// With all that is said at the field.
    function isOnScreen(item) {
        const settings = findChild(page, "policySettings");
        const top = item.mapToItem(settings, 0, 0).y;
        return top >= 0 && top + item.height <= settings.height;
    }

    function answer(name) {
        const found = findChild(page.Window.window, name) || findChild(page, name);
        tryVerify(() => found.visible);
        waitForRendering(page);
        return found;
    }

    function test_6a_keepsChangesUnlessTold() {
        compare(field("Contains expression").text, "(");
        mouseClick(findChild(page, "card.sql"));
        const discard = answer("confirmDiscard");
        keyClick(Qt.Key_Return);
        tryCompare(discard, "visible", false);
        compare(fixture.editor.policyId, "rules");
        compare(field("Contains expression").text, "(");
        mouseClick(findChild(page, "addPolicy"));
        answer("confirmDiscard");
        keyClick(Qt.Key_Escape);
        tryCompare(discard, "visible", false);
        compare(field("Contains expression").text, "(");
        mouseClick(findChild(page, "card.sql"));
        mouseClick(answer("confirmDiscard"));
        tryCompare(fixture.editor, "policyId", "sql");
        tryCompare(discard, "visible", false);
    }

    function test_7_addsAndRemoves() {
        mouseClick(findChild(page, "addPolicy"));
        verify(fixture.editor.isNew);
        waitForRendering(page);
        mouseClick(findChild(page, "type.noop"));
        compare(fixture.editor.type, "noop");
        waitForRendering(page);
        mouseClick(findChild(page, "savePolicy"));
        verify(card("noop") !== undefined);
        waitForRendering(page);
        mouseClick(findChild(page, "removePolicy"));
        mouseClick(answer("confirmRemove"));
        tryCompare(fixture.policies, "count", 3);
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

    function test_8_writesARuleByHand() {
        mouseClick(findChild(page, "addPolicy"));
        waitForRendering(page);
        mouseClick(findChild(page, "type.tool-rules"));
        waitForRendering(page);
        press(findChild(page, "add.Rules"));
        tryVerify(() => line("Do") !== undefined);
        waitForRendering(page);
        type("Tool", "Bash");
        type("Argument", "/command");
        type("Matches glob", "*rm*");
        press(items(line("Do"), item => item.text === "deny" && item.clicked !== undefined)[0]);
        type("Reason", "no");
        mouseClick(findChild(page, "savePolicy"));
        compare(fixture.editor.problem, "");
        const rules = JSON.parse(fixture.configOf("tool-rules")).rules;
        compare(rules.length, 1);
        compare(rules[0].tool, "Bash");
        compare(rules[0].pointer, "/command");
        compare(rules[0].glob, "*rm*");
        compare(rules[0].do, "deny");
        compare(rules[0].reason, "no");
    }

    function test_9_tabShowsWhereItIs() {
        page.show("sql");
        waitForRendering(page);
        const settings = findChild(page, "policySettings");
        settings.contentY = 0;
        const last = field("Tools left out");
        verify(last.mapToItem(settings, 0, 0).y > settings.height);
        findChild(page, "card.sql").forceActiveFocus(Qt.TabFocusReason);
        const below = [];
        for (let i = 0; i < 60 && !last.activeFocus; ++i) {
            keyClick(Qt.Key_Tab);
            const item = page.Window.activeFocusItem;
            const y = item.mapToItem(settings, 0, 0).y;
            if (isInside(item, settings.contentItem) && (y < 0 || y > settings.height))
                below.push(item.toString());
        }
        verify(last.activeFocus, String(page.Window.activeFocusItem));
        compare(below, []);
    }

    function isInside(item, around) {
        for (let at = item; at; at = at.parent) {
            if (at === around)
                return true;
        }
        return false;
    }
}
