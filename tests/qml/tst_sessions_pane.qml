// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Sessions

TestCase {
    id: root

    name: "SessionsPane"
    width: 300
    height: 700
    when: windowShown
    visible: true

    SessionsPane {
        id: pane

        anchors.fill: parent
        sessions: fixture.sessions
        onChosen: sessionId => pane.currentId = sessionId
    }

    function list() {
        for (let i = 0; i < pane.children.length; ++i)
            if (pane.children[i].topRow !== undefined)
                return pane.children[i];
        return null;
    }

    function rowsOnScreen() {
        const rows = [];
        const content = list().children[0].children;
        for (let i = 0; i < content.length; ++i)
            if (content[i].row !== undefined && content[i].present)
                rows.push(content[i]);
        rows.sort((a, b) => a.row - b.row);
        return rows;
    }

    function test_1_drawsTheFirstRows() {
        const rows = rowsOnScreen();
        verify(rows.length >= 10);
        compare(rows[0].row, 0);
        compare(rows[0].title, "Title 0");
        compare(rows[1].title, fixture.hostile);
        compare(rows[1].y - rows[0].y, 62);
        compare(fixture.fetches, 0);
    }

    function test_2_drawsTheLastRowExactly() {
        list().scrollTo(999999);
        fixture.answer();
        const rows = rowsOnScreen();
        const last = rows[rows.length - 1];
        compare(last.row, 999999);
        compare(last.title, "Title 999999");
        compare(Math.round(last.y + last.height), list().height);
        compare(rows[rows.length - 2].y, last.y - 62);
    }

    function test_3_updatesNeverMoveTheReader() {
        list().scrollTo(500000);
        fixture.answer();
        const before = rowsOnScreen().map(row => row.title + "@" + row.y);
        for (let i = 0; i < 100; ++i)
            fixture.touchSession(900000 + i);
        fixture.answer();
        compare(rowsOnScreen().map(row => row.title + "@" + row.y), before);
    }

    function test_4_keysChoose() {
        list().scrollTo(0);
        fixture.answer();
        list().forceActiveFocus();
        keyClick(Qt.Key_Home);
        const first = pane.currentId;
        verify(first !== "");
        keyClick(Qt.Key_J);
        verify(pane.currentId !== first);
        keyClick(Qt.Key_Up);
        compare(pane.currentId, first);
    }
}
