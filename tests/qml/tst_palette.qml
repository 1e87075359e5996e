// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Desktop
import Luthien.Shell

TestCase {
    id: root

    property list<string> done: []

    name: "PaletteView"
    width: 700
    height: 500
    when: windowShown
    visible: true

    component Act: Command {
        id: act

        book: fixture.shell.book
        name: act.text
        group: "Tests"
        onTriggered: root.done = root.done.concat([act.text])
    }

    Act {
        text: "Open the first"
        keys: "Ctrl+1"
    }

    Act {
        text: fixture.hostile
    }

    Act {
        text: "Switch off"
        enabled: false
    }

    Act {
        text: "Walk"
        keys: "J, K"
        onlyKeys: true
    }

    PaletteView {
        id: palette

        width: 600
        height: 400
        visible: false
        book: fixture.shell.book
        sessions: fixture.shell.titles
        onDone: palette.visible = false
        onSessionWanted: sessionId => root.done = ["session " + sessionId]
    }

    KeysView {
        id: keys

        width: 600
        height: 400
        visible: false
        book: fixture.shell.book
        onDone: keys.visible = false
    }

    function init() {
        root.done = [];
        palette.visible = true;
    }

    function cleanup() {
        palette.visible = false;
        keys.visible = false;
    }

    function type(text) {
        for (const letter of text)
            keyClick(letter);
    }

    function test_typingAndReturnDoTheBest() {
        type("first");
        keyClick(Qt.Key_Return);
        compare(root.done, ["Open the first"]);
        verify(!palette.visible);
    }

    function test_arrowsGoRound() {
        keyClick(Qt.Key_Up);
        keyClick(Qt.Key_Down);
        keyClick(Qt.Key_Return);
        compare(root.done.length, 1);
    }

    function test_whatCannotBeDoneIsNotOffered() {
        type("switch");
        keyClick(Qt.Key_Return);
        compare(root.done, []);
        verify(palette.visible);
    }

    function test_sessionsAreFoundByTheirTitle() {
        fixture.shell.answerTitles();
        type("img src png x");
        keyClick(Qt.Key_Down);
        keyClick(Qt.Key_Return);
        compare(root.done, ["session session-1"]);
        verify(!palette.visible);
    }

    function test_nothingInItIsMarkup() {
        type("img");
        wait(0);
        compare(fixture.fetches, 0);
    }

    function test_everyKeyIsListed() {
        keys.visible = true;
        const list = findChild(keys, "keyRows");
        verify(list.count >= 2);
        keyClick("?");
        verify(!keys.visible);
    }
}
