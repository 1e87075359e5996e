// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Demo
import Luthien.Desktop

TestCase {
    id: root

    name: "DemoPage"
    width: 900
    height: 700
    when: windowShown
    visible: true

    DemoPage {
        id: page

        anchors.fill: parent
        demo: fixture.demo
        policies: fixture.policies
    }

    function test_countsEveryPolicyOfTheType() {
        const sentence = findChild(page, "demoSays");
        const before = fixture.policies.modeOf("sql");
        compare(fixture.policies.modeOf("destructive-sql"), -1);
        fixture.policies.setMode("sql", PoliciesModel.Enforce);
        verify(sentence.text.startsWith("Another policy of this type steps in"), sentence.text);
        fixture.policies.setMode("sql", PoliciesModel.Shadow);
        verify(sentence.text.startsWith("It is only watched"), sentence.text);
        fixture.policies.setMode("sql", PoliciesModel.Off);
        verify(sentence.text.startsWith("It is off"), sentence.text);
        fixture.policies.setMode("sql", before);
    }
}
