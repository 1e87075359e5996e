// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Desktop
import Luthien.Sessions

TestCase {
    id: root

    name: "SessionsPane"
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

    function inOverlay(name) {
        let top = pane;
        while (top.parent)
            top = top.parent;
        return find(top, item => item.objectName === name && item.visible);
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

    function test_1_drawsTheFirstRows() {
        const rows = rowsOnScreen();
        verify(rows.length >= 10);
        verify(rows[0].head);
        compare(rows[0].y, 0);
        compare(rows[1].title, "Title 0");
        compare(rows[1].y, 34);
        compare(rows[2].title, fixture.hostile);
        compare(rows[2].y - rows[1].y, 62);
        compare(fixture.fetches, 0);
    }

    function test_2_drawsTheLastRowExactly() {
        list().scrollToTop(1e12);
        fixture.answer();
        const rows = rowsOnScreen();
        const last = rows[rows.length - 1];
        compare(last.title, "Title 999999");
        compare(Math.round(last.y + last.height), list().height);
        for (let i = 1; i < rows.length; ++i)
            compare(rows[i].y, rows[i - 1].y + rows[i - 1].height);
        verify(rows[0].y <= 0);
    }

    function test_3_everythingOnScreenIsDrawnOnce() {
        // Through heads, in steps that are no multiple of a row.
        for (let top = 0; top < 20000; top += 517) {
            list().scrollToTop(top);
            fixture.answer();
            const rows = rowsOnScreen();
            verify(rows[0].y <= 0, "at " + top);
            for (let i = 1; i < rows.length; ++i) {
                compare(rows[i].row, rows[i - 1].row + 1);
                compare(rows[i].y, rows[i - 1].y + rows[i - 1].height, "at " + top);
            }
            const last = rows[rows.length - 1];
            verify(last.y + last.height >= list().height, "at " + top);
        }
    }

    function test_4_updatesNeverMoveTheReader() {
        list().scrollToTop(31000000);
        fixture.answer();
        const before = rowsOnScreen().map(row => row.title + "@" + row.y);
        for (let i = 0; i < 100; ++i)
            fixture.touchSession(900000 + i);
        fixture.answer();
        compare(rowsOnScreen().map(row => row.title + "@" + row.y), before);
    }

    function test_5_keysChoose() {
        const first = pane.currentId;
        verify(first !== "");
        keyClick(Qt.Key_J);
        verify(pane.currentId !== first);
        keyClick(Qt.Key_Up);
        compare(pane.currentId, first);
        keyClick(Qt.Key_Down, Qt.ShiftModifier);
        keyClick(Qt.Key_Down, Qt.ShiftModifier);
        compare(fixture.sessionList.selection.count, 3);
        keyClick(Qt.Key_Escape);
        compare(fixture.sessionList.selection.count, 1);
    }

    function test_6_mouseSelectsSome() {
        const rows = sessionsOnScreen();
        mouseClick(rows[0], 60, 20, Qt.LeftButton);
        mouseClick(rows[2], 60, 20, Qt.LeftButton, Qt.ControlModifier);
        compare(fixture.sessionList.selection.count, 2);
        mouseClick(rows[4], 60, 20, Qt.LeftButton, Qt.ShiftModifier);
        compare(fixture.sessionList.selection.count, 3);
        mouseClick(rows[1], 60, 20, Qt.LeftButton);
        compare(fixture.sessionList.selection.count, 1);
        compare(pane.currentId, sessionsOnScreen()[1].sessionId);
    }

    function test_7_pinsAndTakesItBack() {
        list().scrollToTop(62 * 20);
        fixture.answer();
        const row = sessionsOnScreen()[3];
        const title = row.title;
        mouseClick(row, 60, 20);
        keyClick(Qt.Key_P);
        fixture.answer();
        tryVerify(() => fixture.sessionList.actions.undoable);
        list().scrollToTop(0);
        fixture.answer();
        compare(rowsOnScreen()[0].title, "Pinned");
        compare(sessionsOnScreen()[0].title, title);
        verify(sessionsOnScreen()[0].pinned);
        keyClick(Qt.Key_Z, Qt.ControlModifier);
        fixture.answer();
        verify(rowsOnScreen()[0].title !== "Pinned");
    }

    function test_8_renamesInItsPlace() {
        mouseClick(sessionsOnScreen()[3], 60, 20);
        const id = pane.currentId;
        keyClick(Qt.Key_F2);
        compare(pane.editingId, id);
        type("mine");
        keyClick(Qt.Key_Return);
        compare(pane.editingId, "");
        fixture.answer();
        compare(sessionsOnScreen()[3].title, "mine");
        verify(list().activeFocus);
        keyClick(Qt.Key_F2);
        type("no");
        keyClick(Qt.Key_Escape);
        fixture.answer();
        compare(sessionsOnScreen()[3].title, "mine");
        verify(list().activeFocus);
    }

    function test_9_deletesAfterAsking() {
        const count = fixture.sessions.count;
        mouseClick(sessionsOnScreen()[5], 60, 20);
        const id = pane.currentId;
        keyClick(Qt.Key_Delete);
        tryVerify(() => inOverlay("confirmDelete") !== null);
        keyClick(Qt.Key_Escape);
        tryVerify(() => inOverlay("confirmDelete") === null);
        compare(fixture.sessions.count, count);
        keyClick(Qt.Key_Delete);
        tryVerify(() => inOverlay("confirmDelete") !== null);
        mouseClick(inOverlay("confirmDelete"));
        fixture.answer();
        compare(fixture.sessions.count, count - 1);
        verify(sessionsOnScreen().every(row => row.sessionId !== id));
    }
}
