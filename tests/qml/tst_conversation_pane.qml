// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Conversation
import Luthien.Desktop
import Luthien.Theme

SettledCase {
    id: root

    name: "ConversationView"
    width: 800
    height: 600
    visible: true

    ConversationView {
        id: view

        anchors.fill: parent
        conversation: fixture.conversation
        clipboard: fixture.clipboard
    }

    function list() {
        return view.children[0];
    }

    function test_1_opensAtTheEndAndFollows() {
        view.conversation.open("session-0");
        settle();
        verify(view.following);
        verify(list().atYEnd);
        fixture.streamHostileReply();
        settle();
        for (let i = 0; i < 60; ++i)
            fixture.streamText("word ".repeat(20) + "\n\n");
        settle();
        verify(list().atYEnd);
        compare(fixture.fetches, 0);
    }

    function test_2_neverMovesAReader() {
        view.scrollBy(-2000);
        settle();
        verify(!view.following);
        const item = list().itemAt(400, list().contentY + 100);
        const place = item.y - list().contentY;
        for (let i = 0; i < 60; ++i)
            fixture.streamText("word ".repeat(20) + "\n\n");
        settle();
        compare(item.y - list().contentY, place);
    }

    // What is on screen stays on the same rows of pixels, whatever is written below.
    function test_9_tenThousandInsertsMoveNoPixel() {
        view.goToNewest();
        settle();
        fixture.streamHostileReply(); // the record of the fixture does not know the live call
        settle();
        view.scrollBy(-400);
        mouseMove(view, 2, 2);
        settle();
        const rows = view.conversation.rowCount();
        const before = grabImage(list());
        for (let i = 0; i < 100; ++i) {
            for (let j = 0; j < 100; ++j)
                fixture.streamText("line " + j + "\n\n");
            wait(1);
        }
        compare(view.conversation.rowCount(), rows + 10000);
        settle();
        // All but the scroll bar, which tells that there is more.
        const after = grabImage(list());
        for (let y = 0; y < 600; ++y) {
            for (let x = 0; x < 780; x += 3)
                verify(Qt.colorEqual(after.pixel(x, y), before.pixel(x, y)), x + "," + y);
        }
        verify(!view.following);
    }

    function test_2b_followsAgainNearTheEnd() {
        view.scrollBy(1e7);
        verify(view.following);
        // The heights of rows that were not seen yet are guessed, so not to the pixel.
        view.scrollBy(-Theme.followWithin / 2);
        verify(view.following);
        view.scrollBy(-2 * Theme.followWithin);
        verify(!view.following);
        view.scrollBy(2 * Theme.followWithin);
        verify(view.following);
        fixture.streamText("more\n\n");
        settle();
        verify(list().atYEnd);
        view.scrollBy(-2000);
        settle();
    }

    function test_3_slidesBackwardWithoutMoving() {
        let slides = 0;
        for (let i = 0; i < 40; ++i) {
            view.scrollBy(-1500);
            const item = list().itemAt(400, list().contentY + 100);
            verify(item !== null);
            const place = item.y - list().contentY;
            const before = list().count;
            settle();
            if (list().count !== before) {
                ++slides;
                fuzzyCompare(item.y - list().contentY, place, 0.5);
            }
        }
        verify(slides > 5);
    }

    function test_4_jumpsAndReturns() {
        view.conversation.jumpTo(0);
        settle();
        compare(list().contentY, list().originY);
        view.goToNewest();
        settle();
        verify(view.following);
        verify(list().atYEnd);
    }

    // A row that shows this text, and where it is in the view.
    function rowOf(text: string): var {
        for (let row = 0; row < list().count; ++row) {
            const item = list().itemAtIndex(row);
            if (item && item.words && item.words.text === text)
                return item;
        }
        return null;
    }

    function test_5_marksTextOverSeveralRows() {
        fixture.streamHostileReply(); // the record of the fixture does not know the live call
        fixture.streamText("first words\n\nsecond words\n\nthird words\n\n");
        settle();
        const first = rowOf("first words");
        const third = rowOf("third words");
        verify(first && third);
        const from = first.words.mapToItem(view, first.words.positionToRectangle(6).x, 8);
        const to = third.words.mapToItem(view, third.words.positionToRectangle(5).x, 8);
        mousePress(view, from.x, from.y);
        mouseMove(view, from.x + 20, from.y + 10);
        mouseMove(view, to.x, to.y);
        compare(view.conversation.selection.text(), "words\nsecond words\nthird");
        mouseRelease(view, to.x, to.y);
        compare(first.words.selectedText, "words");
        compare(third.words.selectedText, "third");
        keyClick(Qt.Key_C, Qt.ControlModifier);
        // What streams in meanwhile changes nothing about it.
        fixture.streamText("fourth words\n\n");
        settle();
        compare(view.conversation.selection.text(), "words\nsecond words\nthird");
        const second = rowOf("second words");
        const at = second.words.mapToItem(view, second.words.positionToRectangle(6).x, 8);
        mouseClick(view, at.x, at.y, Qt.LeftButton, Qt.ShiftModifier);
        compare(view.conversation.selection.text(), "words\nsecond");
        mouseClick(view, at.x, at.y);
        verify(view.conversation.selection.empty);
        compare(first.words.selectedText, "");
        keyClick(Qt.Key_A, Qt.ControlModifier);
        verify(view.conversation.selection.text().includes("first words\nsecond words"));
        keyClick(Qt.Key_Escape);
        verify(view.conversation.selection.empty);
    }

    function test_6_keysLeadFromTurnToTurn() {
        view.goToNewest();
        settle();
        view.forceActiveFocus();
        const reader = view.conversation.cursor;
        keyClick(Qt.Key_BracketLeft);
        settle();
        const turn = reader.row;
        verify(turn >= 0);
        compare(view.conversation.data(view.conversation.index(turn, 0), 257), Block.TurnHeader);
        keyClick(Qt.Key_J);
        compare(reader.row, turn + 1);
        keyClick(Qt.Key_K);
        compare(reader.row, turn);
        const item = list().itemAtIndex(turn);
        verify(item.current);
        verify(item.y >= list().contentY && item.y + item.height <= list().contentY + list().height);
        keyClick(Qt.Key_BracketRight);
        verify(reader.row !== turn || reader.notice !== "");
    }

    SignalSpy {
        id: pressed

        target: view
        signalName: "linkPressed"
    }

    function test_7_aLinkOnlyTellsWhereItLeads() {
        view.goToNewest();
        fixture.streamText("[the bank](http://evil.example/)\n\n");
        settle();
        const row = rowOf("the bank");
        verify(row);
        const at = row.words.mapToItem(view, row.words.positionToRectangle(4).x, 8);
        pressed.clear();
        mouseClick(view, at.x, at.y);
        compare(pressed.count, 1);
        compare(pressed.signalArguments[0][0], "http://evil.example/");
        compare(fixture.fetches, 0);
    }

    function test_8_landsOnACallThatIsAskedFor() {
        view.conversation.openAt("session-0", fixture.callId(500), 0);
        settle();
        const item = list().itemAtIndex(view.conversation.cursor.row);
        verify(item);
        compare(item.words.text, "reply 500");
        verify(item.y >= list().contentY && item.y + item.height <= list().contentY + list().height);
        verify(!view.following);
    }
}
