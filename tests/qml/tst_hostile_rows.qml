// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtTest

// More than 2,000 hostile texts through every kind of row, in every place of it that shows text.
TestCase {
    id: root

    property string hostile: "begin"

    name: "HostileRows"
    width: 900
    height: 1400
    when: windowShown
    visible: true

    HostileRows {
        id: rows

        anchors.fill: parent
        hostile: root.hostile
    }

    function test_everyTextIsShownAndNothingIsLoaded() {
        const before = fixture.fetches;
        const texts = fixture.hostileTexts();
        verify(texts.length >= 2000, texts.length);
        for (let i = 0; i < texts.length; ++i) {
            // What rows get has gone through visible_text and is cut: both are tested where that is done.
            root.hostile = texts[i].slice(0, 3000);
            for (let row = 0; row < rows.children.length; ++row)
                verify(rows.children[row].height > 0, "row " + row + " of text " + i);
            if (i % 100 === 0)
                verify(grabImage(rows).width > 0);
        }
        wait(50); // what was asked for would arrive now
        compare(fixture.fetches, before);
    }

    function cleanupTestCase() {
        root.hostile = "";
    }
}
