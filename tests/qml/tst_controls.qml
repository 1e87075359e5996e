// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Controls

TestCase {
    id: root

    name: "Controls"
    width: 300
    height: 200
    when: windowShown
    visible: true

    PushButton {
        id: button

        text: fixture.hostile
        glyph: "copy"
    }

    PlainLabel {
        id: label

        y: 40
        text: fixture.hostile
    }

    SignalSpy {
        id: clicks

        target: button
        signalName: "clicked"
    }

    function init() {
        clicks.clear();
    }

    function test_buttonAnswersPointerAndKeys() {
        mouseClick(button);
        button.focus = false;
        button.forceActiveFocus(Qt.TabFocusReason);
        verify(button.visualFocus);
        keyClick(Qt.Key_Space);
        keyClick(Qt.Key_Return);
        compare(clicks.count, 3);
    }

    function test_hostileTextStaysText() {
        compare(label.textFormat, Text.PlainText);
        verify(label.implicitWidth > 200); // as long as its letters, not as an image
        wait(0);
        compare(fixture.fetches, 0);
    }
}
