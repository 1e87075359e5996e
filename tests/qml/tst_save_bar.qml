// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Policies

TestCase {
    id: root

    name: "SaveBar"
    width: 800
    height: 100
    when: windowShown
    visible: true

    SaveBar {
        id: bar

        width: parent.width
        editor: fixture.editor
    }

    function press(name) {
        const button = findChild(bar, name);
        tryCompare(button, "visible", true);
        button.forceActiveFocus(Qt.TabFocusReason);
        keyClick(Qt.Key_Space);
    }

    function changeHereAndThere(theirs) {
        fixture.editor.name = "Mine";
        fixture.nameElsewhere("rules", theirs);
        tryCompare(fixture.editor, "overtaken", true);
        verify(!findChild(bar, "savePolicy").enabled);
    }

    function init() {
        fixture.editor.openPolicy("rules");
    }

    function cleanup() {
        fixture.nameElsewhere("rules", "");
        fixture.editor.close();
    }

    function test_takesWhatSomebodyElseSaved() {
        changeHereAndThere("Theirs");
        press("takeTheirs");
        compare(fixture.editor.name, "Theirs");
        verify(!findChild(bar, "keepMine").visible);
        verify(!findChild(bar, "savePolicy").enabled);
    }

    function test_keepsWhatIsWrittenHere() {
        changeHereAndThere("Theirs again");
        press("keepMine");
        compare(fixture.editor.name, "Mine");
        verify(!findChild(bar, "takeTheirs").visible);
        verify(findChild(bar, "savePolicy").enabled);
    }
}
