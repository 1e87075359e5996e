// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtTest
import Luthien.Conversation
import Luthien.Desktop

// The tallest of hostile texts, measured in every kind of row: nothing is clipped, nothing lies over another row.
TestCase {
    id: root

    property string hostile: "begin"

    name: "TallRows"
    width: 900
    height: 1400
    when: windowShown
    visible: true

    HostileRows {
        id: rows

        anchors.fill: parent
        hostile: root.hostile
    }

    // Rows between which nothing stands, and what is painted there.
    Column {
        id: neighbours

        width: 440
        visible: false

        Item {
            id: above

            width: 440
            height: 120
        }

        TextRow {
            width: 440
            index: 0
            current: false
            selectedFrom: 0
            selectedTo: 0
            style: Block.Paragraph
            tone: Block.Plain
            depth: 0
            quoted: false
            first: true
            marker: ""
            body: root.hostile
            spans: []
            found: []
        }

        Item {
            id: below

            width: 440
            height: 120
        }
    }

    function texts(item) {
        let found = [];
        for (let i = 0; i < item.children.length; ++i) {
            const child = item.children[i];
            if (!child.visible)
                continue;
            if (child.contentHeight !== undefined && child.text !== undefined && child.text !== "")
                found.push(child);
            found = found.concat(texts(child));
        }
        return found;
    }

    function nameOf(item) {
        return item.toString().split("_")[0];
    }

    /// Each text has the height that it needs, within its row, and is cut only where it is one line by design.
    function verifyHeights(row) {
        for (const text of texts(row)) {
            const which = nameOf(row) + ": " + text.text.slice(0, 40);
            const padding = text.topPadding + text.bottomPadding;
            verify(text.height >= text.contentHeight + padding - 0.5, which + " is " + text.height + " high and needs " + (text.contentHeight + padding));
            const top = text.mapToItem(row, 0, 0).y;
            verify(top >= -0.5 && top + text.height <= row.height + 0.5, which + " from " + top + " to " + (top + text.height) + " in a row of " + row.height);
            if (text.truncated)
                verify(text.elide === Text.ElideRight && text.maximumLineCount < 5, which + " is cut");
        }
    }

    function tallTexts() {
        return [{
                "tag": "marks piled up and hung below",
                "text": ("e" + "\u0301".repeat(60) + "\u0323".repeat(60)).repeat(4)
            }, {
                "tag": "a script that stacks its letters",
                "text": "\u0f67\u0f71\u0f74\u0f83 \u0f66\u0f92\u0fb2\u0f74\u0f56 ".repeat(20)
            }, {
                "tag": "a script that goes up and down",
                "text": "\u0646\u0633\u062a\u0639\u0644\u06cc\u0642 \u1000\u103c\u1039\u1000\u102d\u102f ".repeat(20)
            }, {
                "tag": "a wide sign",
                "text": "\ufdfd".repeat(10)
            }, {
                "tag": "pictures",
                "text": "\ud83d\udc68\u200d\ud83d\udc69\u200d\ud83d\udc67 ".repeat(20)
            }, {
                "tag": "one word longer than a line",
                "text": "x".repeat(600)
            }, {
                "tag": "no place to break",
                "text": "a/b\u00a0".repeat(150)
            }, {
                "tag": "many lines",
                "text": "line\n".repeat(30)
            }, {
                "tag": "plain",
                "text": "words ".repeat(10)
            }];
    }

    function test_everyRowIsAsHighAsItsText_data() {
        return tallTexts();
    }

    function test_everyRowIsAsHighAsItsText(data) {
        root.hostile = data.text;
        waitForRendering(rows);
        for (let row = 0; row < rows.children.length; ++row)
            verifyHeights(rows.children[row]);
    }

    function test_noRowPaintsOverItsNeighbours_data() {
        return tallTexts();
    }

    function test_noRowPaintsOverItsNeighbours(data) {
        root.hostile = data.text;
        rows.visible = false;
        neighbours.visible = true;
        waitForRendering(neighbours);
        const image = grabImage(neighbours);
        rows.visible = true;
        neighbours.visible = false;
        const empty = image.pixel(0, 0);
        for (const place of [above, below])
            for (let y = 0; y < place.height; y += 2)
                for (let x = 0; x < 440; x += 2)
                    if (!Qt.colorEqual(image.pixel(x, place.y + y), empty))
                        fail("painted at " + x + ", " + (place.y + y));
    }
}
