// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Conversation

TestCase {
    id: root

    name: "ConversationView"
    width: 800
    height: 600
    when: windowShown
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

    function settle() {
        for (let i = 0; i < 4; ++i) {
            fixture.answer();
            wait(10);
        }
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
}
