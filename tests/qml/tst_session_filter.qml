// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Desktop
import Luthien.Sessions

TestCase {
    id: root

    name: "SessionFilter"
    width: 300
    height: 800
    when: windowShown
    visible: true

    SessionsPane {
        id: pane

        anchors.fill: parent
        sessions: fixture.sessions
        selection: fixture.sessionList.selection
        actions: fixture.sessionList.actions
        input: fixture.sessionList.filter
        savedFilters: fixture.sessionList.savedFilters
        onChosen: sessionId => pane.currentId = sessionId
    }

    function list() {
        return find(pane, item => item.contentTop !== undefined);
    }

    function find(item, fits) {
        if (fits(item))
            return item;
        for (let i = 0; i < item.children.length; ++i) {
            const found = find(item.children[i], fits);
            if (found)
                return found;
        }
        return null;
    }

    function rowsOnScreen() {
        const rows = [];
        const content = list().children[0].children;
        for (let i = 0; i < content.length; ++i)
            if (content[i].row !== undefined && content[i].present && content[i].y < list().height && content[i].y + content[i].height > 0)
                rows.push(content[i]);
        rows.sort((a, b) => a.row - b.row);
        return rows;
    }

    function sessionsOnScreen() {
        return rowsOnScreen().filter(row => !row.head);
    }

    function type(text) {
        for (let i = 0; i < text.length; ++i)
            keyClick(text[i]);
    }

    function init() {
        fixture.sessionList.match("");
        fixture.sessionList.filter.text = "";
        fixture.sessionList.filter.apply();
        fixture.sessions.part = SessionsModel.All;
        fixture.sessions.grouping = SessionsModel.Day;
        fixture.sessionList.selection.clear();
        fixture.sessionList.actions.dismiss();
        pane.editingId = "";
        fixture.answer();
        list().scrollToTop(0);
        fixture.answer();
        list().forceActiveFocus();
        keyClick(Qt.Key_Home);
    }

    function test_filtersAndSaysWhatIsWrong() {
        fixture.sessionList.match("777");
        pane.filterNow();
        type("model:gp");
        compare(fixture.sessionList.filter.candidates, ["gpt-5"]);
        keyClick(Qt.Key_Tab);
        compare(fixture.sessionList.filter.text, "model:gpt-5 ");
        keyClick(Qt.Key_Return);
        fixture.answer();
        tryVerify(() => !fixture.sessions.searching);
        compare(fixture.sessions.shownCount, 1000);
        compare(sessionsOnScreen()[0].title, "Title 777");
        type("modle:x");
        keyClick(Qt.Key_Return);
        verify(fixture.sessionList.filter.error.includes("modle"));
        compare(fixture.sessionList.filter.errorStart, 12);
        compare(fixture.sessions.shownCount, 1000);
        keyClick(Qt.Key_Escape);
        fixture.answer();
        compare(fixture.sessionList.filter.text, "");
        verify(!fixture.sessions.narrowed);
        compare(fixture.fetches, 0);
    }

    function test_hostileCandidatesAreOnlyText() {
        pane.filterNow();
        type("model:");
        verify(fixture.sessionList.filter.candidates.length === 2);
        waitForRendering(pane);
        compare(fixture.fetches, 0);
        keyClick(Qt.Key_Escape);
    }

    function test_nothingMatchesOffersTheWayBack() {
        fixture.sessionList.match("no such");
        fixture.sessionList.filter.text = "model:x";
        fixture.sessionList.filter.apply();
        fixture.answer();
        compare(fixture.sessions.shownCount, 0);
        const button = find(pane, item => item.text === "Show all sessions" && item.visible && item.clicked !== undefined);
        verify(button !== null);
        mouseClick(button);
        fixture.answer();
        compare(fixture.sessionList.filter.text, "");
        verify(fixture.sessions.shownCount > 900000);
    }

    function test_aFailureSaysWhyAndIsTriedAgain() {
        fixture.sessionList.match("777");
        fixture.sessionList.failNext("it took too long");
        fixture.sessionList.filter.text = "model:y";
        fixture.sessionList.filter.apply();
        fixture.answer();
        verify(find(pane, item => item.text === "it took too long" && item.visible) !== null);
        mouseClick(find(pane, item => item.text === "Try again" && item.visible && item.clicked !== undefined));
        fixture.answer();
        compare(fixture.sessions.shownCount, 1000);
    }

    function test_menuNarrowsByValue() {
        mouseClick(sessionsOnScreen()[0], 60, 20, Qt.RightButton);
        tryVerify(() => fixture.sessionList.selection.count === 1);
        fixture.sessionList.match("5");
        let top = pane;
        while (top.parent)
            top = top.parent;
        tryVerify(() => find(top, item => item.text === "Only client claude-code" && item.visible && item.clicked !== undefined) !== null);
        mouseClick(find(top, item => item.text === "Only client claude-code" && item.visible && item.clicked !== undefined));
        fixture.answer();
        compare(fixture.sessionList.filter.text, "client=claude-code");
        verify(fixture.sessions.narrowed);
    }
}
