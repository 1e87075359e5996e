// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Sessions

TestCase {
    id: root

    name: "SessionRow"
    width: 600
    height: 100
    when: windowShown
    visible: true

    SessionRow {
        id: row

        title: "Title"
        detail: "claude-code · 12 turns · $0.62 · 128.4k tokens · gpt-5"
        facts: ""
        time: "now"
        status: "Completed"
        ready: true
        live: false
        failed: false
        pinned: false
        note: ""
        blocks: 0
        replaces: 0
        holds: 0
        shadows: 0
    }

    function test_figuresAreShownWholeOrNotAtAll() {
        const line = findChild(row, "sessionFigures");
        const seen = [];
        for (row.width = 120; row.width <= 500; row.width += 10) {
            verify(row.detail === line.text || row.detail.startsWith(line.text + " · "), line.text);
            if (seen.indexOf(line.text) < 0)
                seen.push(line.text);
        }
        compare(seen.length, 5);
    }
}
