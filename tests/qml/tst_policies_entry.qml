// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Policies

// What one finds open on coming to the page.
TestCase {
    name: "PoliciesEntry"
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

    function comeBack() {
        page.visible = false;
        page.visible = true;
    }

    function test_1_theFirstIsOpen() {
        compare(fixture.editor.policyId, "from-file");
        fixture.editor.close();
        comeBack();
        compare(fixture.editor.policyId, "from-file");
        page.forceActiveFocus(Qt.ShortcutFocusReason);
        verify(findChild(page, "card.from-file").activeFocus);
    }

    function test_2_whatIsOpenStays() {
        fixture.editor.openPolicy("rules");
        comeBack();
        compare(fixture.editor.policyId, "rules");
        fixture.editor.openNew();
        comeBack();
        verify(fixture.editor.isNew);
        fixture.editor.close();
    }
}
