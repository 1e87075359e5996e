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
        root.forceActiveFocus();
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

    function test_arrowsOnlyLookAround() {
        segment(1).forceActiveFocus(Qt.TabFocusReason);
        keyClick(Qt.Key_Right);
        verify(segment(2).activeFocus);
        keyClick(Qt.Key_Right);
        verify(segment(2).activeFocus);
        keyClick(Qt.Key_Left);
        keyClick(Qt.Key_Left);
        verify(segment(0).activeFocus);
        compare(toggle.current, 1);
    }

    function test_spaceAndReturnChoose() {
        segment(1).forceActiveFocus(Qt.TabFocusReason);
        keyClick(Qt.Key_Left);
        keyClick(Qt.Key_Space);
        compare(toggle.current, 0);
        verify(segment(0).activeFocus);
        keyClick(Qt.Key_Right);
        keyClick(Qt.Key_Return);
        compare(toggle.current, 1);
    }

    function test_theKeyboardComesBackToTheChosenOne() {
        segment(1).forceActiveFocus(Qt.TabFocusReason);
        keyClick(Qt.Key_Left);
        root.forceActiveFocus();
        toggle.forceActiveFocus(Qt.TabFocusReason);
        verify(segment(1).activeFocus);
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
