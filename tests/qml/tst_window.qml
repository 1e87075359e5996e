// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Shell

// The whole window: what only shows where its shortcuts, its pages and its tray are there together.
SettledCase {
    id: root

    name: "Window"

    readonly property var parts: fixture.window.parts
    property Main window: null

    SignalSpy {
        id: walked

        target: root.parts.search
        signalName: "callWanted"
    }

    Component {
        id: made

        Main {
            parts: root.parts
            visible: true
        }
    }

    function items(item, wanted) {
        let found = wanted(item) ? [item] : [];
        for (let i = 0; i < item.children.length; ++i)
            found = found.concat(items(item.children[i], wanted));
        return found;
    }

    function item(wanted) {
        return items(window.contentItem, wanted)[0];
    }

    function initTestCase() {
        window = made.createObject(null);
        verify(window);
        window.requestActivate();
        tryVerify(() => window.active);
    }

    function cleanupTestCase() {
        window.leaving = true;
        window.destroy();
    }

    function read() {
        window.place = "sessions";
        parts.conversation.open("session-0");
        settle();
        const view = item(each => each.goToNewest !== undefined && each.visible);
        view.forceActiveFocus(Qt.ShortcutFocusReason);
        verify(view.activeFocus);
        return view;
    }

    function test_aLetterOfTheConversationIsNotTheWindows() {
        const view = read();
        keyClick(Qt.Key_BracketLeft);
        settle();
        const row = parts.conversation.cursor.row;
        verify(row >= 0);
        const shown = () => view.children[0].itemAtIndex(row).expanded;
        const before = shown();
        const timeline = item(each => each.aboveShown !== undefined);
        verify(timeline.aboveShown);
        keyClick(Qt.Key_W);
        settle();
        compare(shown(), !before);
        verify(timeline.aboveShown);
        keyClick(Qt.Key_W, Qt.ShiftModifier);
        verify(!timeline.aboveShown);
        keyClick(Qt.Key_W, Qt.ShiftModifier);
        verify(timeline.aboveShown);
    }

    // Once a search has found something, F3 opens its hits from wherever one is: but not from a script.
    function test_f3InAScriptStaysThere() {
        fixture.sessionList.setHits(3);
        parts.search.query = "words";
        parts.search.apply();
        fixture.sessionList.answerSearch();
        tryVerify(() => parts.search.count > 0);
        window.place = "policies";
        parts.editor.openNew();
        parts.editor.type = "javascript";
        tryVerify(() => findChild(window.contentItem.parent, "scriptText") !== null);
        const text = findChild(window.contentItem.parent, "scriptText");
        text.forceActiveFocus(Qt.ShortcutFocusReason);
        keyClick(Qt.Key_F, Qt.ControlModifier);
        for (const key of "function")
            keyClick(key);
        text.select(0, 0);
        keyClick(Qt.Key_Return);
        walked.clear();
        const first = text.selectionStart;
        compare(text.selectedText, "function");
        text.select(0, 0);
        keyClick(Qt.Key_F3);
        compare(text.selectionStart, first);
        text.forceActiveFocus(Qt.ShortcutFocusReason);
        text.select(text.length, text.length);
        keyClick(Qt.Key_F3, Qt.ShiftModifier);
        compare(text.selectedText, "function");
        compare(walked.count, 0);
        compare(window.place, "policies");
        parts.editor.close();
    }

    // The head may still be that of the session before, where the list has no row of this one.
    function test_exportsWhatIsRead() {
        read();
        fixture.window.select("session-9");
        keyClick(Qt.Key_E, Qt.ControlModifier);
        const path = findChild(window.contentItem.parent, "exportPath");
        verify(path);
        tryVerify(() => path.text.indexOf("session-session-0") > 0, 5000, path.text);
        keyClick(Qt.Key_Escape);
    }

    function test_isNotLostWithTheTray() {
        verify(fixture.window.showTray());
        tryVerify(() => parts.tray.shown);
        window.close();
        tryVerify(() => !window.visible);
        fixture.window.endTray();
        tryVerify(() => window.visible);
    }
}
