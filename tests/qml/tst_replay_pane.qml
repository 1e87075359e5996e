// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Inspector

TestCase {
    id: root

    name: "ReplayPane"
    width: 800
    height: 600
    when: windowShown
    visible: true

    ReplayPane {
        id: pane

        anchors.fill: parent
        replay: fixture.inspector.replay
    }

    SignalSpy {
        id: closed

        target: pane
        signalName: "closed"
    }

    function init() {
        pane.replay.open(fixture.inspector.callId);
        pane.replay.pause();
        pane.forceActiveFocus();
        waitForRendering(pane);
    }

    function cleanup() {
        pane.replay.close();
        compare(fixture.fetches, 0);
    }

    function test_keysPlaySeekAndClose() {
        verify(!pane.replay.playing);
        keyClick(Qt.Key_Space);
        verify(pane.replay.playing);
        keyClick(Qt.Key_Space);
        verify(!pane.replay.playing);
        pane.replay.seek(0.5);
        pane.forceActiveFocus();
        keyClick(Qt.Key_Plus);
        compare(pane.replay.speed, 3);
        keyClick(Qt.Key_Minus);
        compare(pane.replay.speed, 2);
        keyClick(Qt.Key_Escape);
        compare(closed.count, 1);
    }

    function test_theBarGoesToItsPlace() {
        const place = findChild(pane, "replayPlace");
        mouseClick(place, place.width / 2, place.height / 2);
        verify(Math.abs(pane.replay.share - 0.5) < 0.05);
        compare(pane.replay.timeText.slice(0, 3), "0:0");
        place.forceActiveFocus();
        mouseClick(findChild(pane, "playReplay"));
        verify(pane.replay.playing);
    }

    function test_speedsAreChosen() {
        mouseClick(findChild(pane, "replaySpeed.5"));
        compare(pane.replay.speed, 5);
        pane.replay.speed = 2;
    }
}
