// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Live

TestCase {
    id: root

    name: "LivePage"
    width: 900
    height: 500
    when: windowShown
    visible: true

    property string opened: ""

    LivePage {
        id: page

        anchors.fill: parent
        calls: fixture.activity.liveCalls
        onSessionWanted: (sessionId, callId) => root.opened = sessionId + "/" + callId
    }

    function rowsOnScreen() {
        const rows = [];
        const content = findChild(page, "live.list").children[0].children;
        for (let i = 0; i < content.length; ++i)
            if (content[i].row !== undefined && content[i].present)
                rows.push(content[i]);
        rows.sort((a, b) => a.row - b.row);
        return rows;
    }

    function test_1_saysThatNothingRuns() {
        compare(fixture.activity.liveCalls.count, 0);
        compare(rowsOnScreen().length, 0);
    }

    function test_2_showsWhatRunsWithoutReadingIt() {
        fixture.activity.runCalls(30);
        tryVerify(() => rowsOnScreen().length > 5);
        const row = rowsOnScreen()[0];
        compare(row.title, fixture.hostile.replace(/\s+/g, " "));
        compare(row.stateText, "Writing");
        verify(row.line !== "");
        compare(rowsOnScreen()[1].y - row.y, 56);
        compare(fixture.fetches, 0);
    }

    function test_3_keysChooseAndOpen() {
        findChild(page, "live.list").forceActiveFocus();
        keyClick(Qt.Key_Home);
        keyClick(Qt.Key_Down);
        compare(page.currentCall, fixture.activity.liveCalls.callAt(1));
        keyClick(Qt.Key_Return);
        compare(root.opened, fixture.activity.liveCalls.sessionAt(1) + "/" + fixture.activity.liveCalls.callAt(1));
        keyClick(Qt.Key_End);
        compare(page.currentCall, fixture.activity.liveCalls.callAt(29));
        tryVerify(() => rowsOnScreen().some(row => row.row === 29));
    }

    function test_4_aClickOpens() {
        root.opened = "";
        const row = rowsOnScreen()[1];
        mouseClick(row, 100, 20);
        compare(root.opened, row.sessionId + "/" + row.callId);
    }

    function test_5_whatIsOverIsGrey() {
        fixture.activity.endCalls(30);
        tryCompare(fixture.activity.liveCalls, "running", 0);
        tryVerify(() => rowsOnScreen().every(row => row.over));
        compare(rowsOnScreen()[0].stateText, "Completed");
    }
}
