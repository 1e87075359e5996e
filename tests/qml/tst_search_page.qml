// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Search

TestCase {
    id: root

    name: "SearchPage"
    width: 1000
    height: 700
    when: windowShown
    visible: true

    property string wanted: ""

    SearchPage {
        id: page

        anchors.fill: parent
        search: fixture.sessionList.search
        filter: fixture.sessionList.searchFilter
        onCallWanted: (sessionId, callId) => root.wanted = sessionId
    }

    HitRow {
        id: hitAlone

        width: 600
        height: page.rowHeight
        row: 0
        present: false // measured, not shown
        title: "Title"
        kind: "Reply"
        glyph: "spark"
        time: "12:00"
        text: ""
        marks: []
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

    function shows(text) {
        return find(page, item => item.text === text && item.visible) !== null;
    }

    function hit(row) {
        return find(page, item => item.row === row && item.present);
    }

    function ask(query) {
        page.search.query = query;
        page.search.apply();
        fixture.sessionList.answerSearch();
    }

    function init() {
        fixture.sessionList.setHits(120);
        page.search.query = "";
        page.search.apply();
        root.wanted = "";
        page.searchNow();
    }

    function test_1_saysHowToSearch() {
        verify(shows("Search in everything that was asked and answered"));
    }

    function test_2_showsHitsAndMarksTheWords() {
        ask("words");
        compare(page.search.count, 50);
        const first = hit(0);
        compare(first.title, "Title 0");
        compare(first.text, fixture.hostile + " words");
        compare(first.marks.length, 4);
        waitForRendering(page);
        compare(fixture.fetches, 0);
    }

    function test_2a_aHitStandsInTheMiddleOfItsRow_data() {
        return [{
                "tag": "no text",
                "text": "",
                "lines": 0
            }, {
                "tag": "one line",
                "text": "words",
                "lines": 1
            }, {
                "tag": "two lines",
                "text": "words ".repeat(20),
                "lines": 2
            }, {
                "tag": "more than there is room for",
                "text": "words ".repeat(200),
                "lines": 2
            }];
    }

    function test_2a_aHitStandsInTheMiddleOfItsRow(data) {
        hitAlone.text = data.text;
        const place = findChild(hitAlone, "hitText");
        const kind = find(hitAlone, item => item.text === "Reply");
        const line = 16;
        compare(Math.round(place.height / line), data.lines);
        const above = kind.y;
        const below = hitAlone.height - 2 - place.y - place.height;
        verify(above >= 0 && Math.abs(above - below) <= (data.lines === 0 ? 5 : 1), above + " above, " + below + " below");
    }

    function test_3_keysWalkAndLeadToTheCall() {
        ask("words");
        keyClick(Qt.Key_Down);
        keyClick(Qt.Key_Down);
        compare(page.currentRow, 1);
        keyClick(Qt.Key_Return);
        compare(root.wanted, "session-1");
        page.walk(1);
        compare(root.wanted, "session-2");
        page.walk(-1);
        compare(root.wanted, "session-1");
    }

    function test_4_moreComesAsOneReadsOn() {
        ask("words");
        for (let i = 0; i < 130; ++i) {
            keyClick(Qt.Key_Down);
            fixture.sessionList.answerSearch();
        }
        compare(page.search.count, 120);
        compare(page.currentRow, 119);
        verify(hit(119) !== null);
    }

    function test_5_nothingFoundAndMistakesAreSaid() {
        fixture.sessionList.setHits(0);
        ask("words");
        verify(shows("Nothing found"));
        ask("\"words");
        verify(shows("This cannot be searched"));
        fixture.sessionList.setHits(3);
        fixture.sessionList.failNextSearch("the database is away");
        ask("words");
        verify(shows("the database is away"));
        mouseClick(find(page, item => item.text === "Try again" && item.visible && item.clicked !== undefined));
        fixture.sessionList.answerSearch();
        compare(page.search.count, 3);
    }

    function test_6_typingIsTheQuery() {
        keyClick("w");
        keyClick("o");
        compare(page.search.query, "wo");
        keyClick(Qt.Key_Escape);
        compare(page.search.query, "");
    }
}
