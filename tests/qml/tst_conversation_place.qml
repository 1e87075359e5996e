// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Conversation
import Luthien.Desktop
import Luthien.Theme

SettledCase {
    id: root

    name: "ConversationPane"
    width: 800
    height: 600
    visible: true

    ConversationPane {
        id: pane

        anchors.fill: parent
        conversation: fixture.conversation
        request: fixture.conversation
        selected: fixture.selected
        clipboard: fixture.clipboard
        exporter: fixture.exporter
    }

    function child(parent, has: string): var {
        for (let i = 0; i < parent.children.length; ++i)
            if (parent.children[i][has] !== undefined)
                return parent.children[i];
        return null;
    }

    function view(): var {
        return child(pane, "goToNewest");
    }

    function initTestCase() {
        pane.conversation.open("session-0");
        settle();
    }

    function init() {
        view().goToNewest();
        settle();
    }

    function test_theWayToTheNewestLiesOverNothing() {
        const bar = findChild(pane, "newestBar");
        verify(!bar.visible);
        compare(view().y + view().height, pane.height);
        view().scrollBy(-2000);
        verify(bar.visible);
        const list = view().children[0];
        compare(list.mapToItem(pane, 0, list.height).y, bar.y);
        compare(bar.y + bar.height, pane.height);
        view().scrollBy(1e7);
        verify(!bar.visible);
        verify(view().following);
        verify(list.atYEnd);
    }

    function test_aNoticeIsThereForAMoment_data() {
        return [{
                "tag": "where the newest is on screen",
                "scrolled": 0
            }, {
                "tag": "further up",
                "scrolled": -2000
            }];
    }

    function test_aNoticeIsThereForAMoment(data) {
        const cursor = pane.conversation.cursor;
        cursor.rest(pane.conversation.rowCount() - 1);
        view().scrollBy(data.scrolled);
        const notice = findChild(pane, "jumpNotice");
        const list = view().children[0];
        for (let i = 0; i < 2; ++i) {
            cursor.jump(ReadingCursor.Turn, true);
            verify(notice.visible);
            const free = data.scrolled < 0 ? list.height : list.height - list.bottomMargin;
            verify(notice.y >= list.mapToItem(pane, 0, free).y);
            tryVerify(() => !notice.visible, 5000);
        }
    }

    function test_whatWasBlockedOutOfSightIsSaidAndLedTo() {
        const above = findChild(pane, "blockAbove");
        const below = findChild(pane, "blockBelow");
        fixture.streamHostileReply();
        settle();
        view().scrollBy(-3000);
        verify(below.visible && !above.visible);
        const row = pane.conversation.blockBelow;
        waitForRendering(pane);
        mouseClick(below);
        compare(pane.conversation.cursor.row, row);
        const item = view().children[0].itemAtIndex(row);
        const y = item.mapToItem(view(), 0, 0).y;
        verify(y >= 0 && y < view().height);
        verify(!below.visible && !above.visible);
        for (let i = 0; i < 40; ++i)
            fixture.streamText("word ".repeat(20) + "\n\n");
        settle();
        view().scrollBy(2000);
        view().scrollBy(-Theme.wheelStep);
        verify(above.visible && !below.visible);
        const again = pane.conversation.blockAbove;
        verify(again >= 0);
        waitForRendering(pane);
        mouseClick(above);
        compare(pane.conversation.cursor.row, again);
        pane.conversation.open("session-1");
        settle();
        verify(!above.visible && !below.visible);
        pane.conversation.open("session-0");
        settle();
    }

    function test_whatCouldNotBeReadIsSaidAndReadAgain() {
        fixture.failReading("the database is away");
        pane.conversation.open("session-0");
        settle();
        const bar = child(pane, "retryWanted");
        verify(bar.visible);
        verify(bar.Accessible.name.includes("the database is away"));
        compare(view().count, 0);
        compare(pane.selected.error, "the database is away");
        mouseClick(findChild(bar, "readAgain"));
        settle();
        verify(!bar.visible);
        compare(bar.height, 0);
        compare(pane.selected.error, "");
        verify(view().count > 0);
    }

    function test_theFrameIsForTheKeyboard() {
        const ring = child(view(), "shown");
        mouseClick(view(), 300, view().height - 20);
        verify(view().activeFocus);
        verify(!ring.visible);
        keyClick(Qt.Key_Down);
        tryVerify(() => ring.visible);
        mouseClick(view(), 300, view().height - 20);
        verify(!ring.visible);
    }
}
