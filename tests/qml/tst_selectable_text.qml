// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Controls

TestCase {
    id: root

    name: "SelectableText"
    width: 400
    height: 300
    when: windowShown
    visible: true

    SelectableText {
        id: text

        width: 400
        text: "one\ntwo\nthree"
    }

    SelectableText {
        id: hostile

        y: 150
        width: 400
        text: fixture.hostile
    }

    TextEdit {
        id: paper

        visible: false
    }

    function init() {
        text.lineHeight = 1;
        text.marks = [];
        text.text = "one\ntwo\nthree";
    }

    function test_canBeMarkedAndCopied() {
        mouseDoubleClickSequence(text, 5, 5);
        compare(text.selectedText, "one");
        keyClick(Qt.Key_C, Qt.ControlModifier);
        paper.text = "";
        paper.paste();
        compare(paper.text, "one");
    }

    function test_cannotBeChanged() {
        text.forceActiveFocus();
        keyClick("x");
        keyClick(Qt.Key_Delete);
        compare(text.text, "one\ntwo\nthree");
    }

    function test_linesKeepTheirHeightWhenTheTextIsAnother() {
        const plain = text.contentHeight;
        text.lineHeight = 1.5;
        fuzzyCompare(text.contentHeight, 1.5 * plain, 2);
        text.text = "four\nfive\nsix";
        fuzzyCompare(text.contentHeight, 1.5 * plain, 2);
    }

    function test_marksAreDrawnAndGoAgain() {
        text.markFill = "#ff0000";
        text.marks = [0, 3];
        compare(redPixels(), true);
        text.marks = [];
        text.text = "other";
        compare(redPixels(), false);
    }

    function redPixels() {
        wait(30);
        const image = grabImage(text);
        for (let x = 0; x < 30; ++x)
            for (let y = 0; y < 20; ++y)
                if (image.red(x, y) > 200 && image.green(x, y) < 40 && image.blue(x, y) < 40)
                    return true;
        return false;
    }

    function test_hostileTextStaysText() {
        compare(hostile.text, fixture.hostile);
        wait(0);
        compare(fixture.fetches, 0);
    }
}
