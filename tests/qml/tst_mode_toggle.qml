// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Controls

TestCase {
    id: root

    name: "ModeToggle"
    width: 400
    height: 100
    when: windowShown
    visible: true

    ModeToggle {
        id: toggle

        objectName: "mode"
        name: "Mode of sql"
        current: 1
        onChosen: index => toggle.current = index
    }

    function segment(index) {
        return findChild(toggle, "mode." + index);
    }

    function init() {
        toggle.current = 1;
    }

    function test_mouse() {
        mouseClick(segment(2));
        compare(toggle.current, 2);
        verify(segment(2).checked);
        mouseClick(segment(0));
        compare(toggle.current, 0);
        verify(!segment(2).checked);
    }

    function test_keys() {
        segment(1).forceActiveFocus(Qt.TabFocusReason);
        keyClick(Qt.Key_Right);
        compare(toggle.current, 2);
        verify(segment(2).activeFocus);
        keyClick(Qt.Key_Right);
        compare(toggle.current, 2);
        keyClick(Qt.Key_Left);
        keyClick(Qt.Key_Left);
        compare(toggle.current, 0);
    }

    function test_onlyTheChosenOneIsReachedByTab() {
        for (let i = 0; i < 3; ++i)
            compare(segment(i).activeFocusOnTab, i === toggle.current);
    }

    function test_saysWhatItIs() {
        compare(segment(2).Accessible.role, Accessible.RadioButton);
        compare(segment(2).Accessible.name, "Mode of sql: Enforce");
        compare(segment(1).Accessible.checked, true);
    }
}
