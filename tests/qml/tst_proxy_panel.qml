// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Controls
import Luthien.Shell

TestCase {
    id: root

    name: "ProxyPanelView"
    width: 500
    height: 500
    when: windowShown
    visible: true

    ProxyPanelView {
        id: panel

        width: 400
        proxy: fixture.shell.proxy
        agents: fixture.agents
        clipboard: fixture.clipboard
    }

    PaneEdge {
        id: edge

        x: 450
        height: 100
        kept: fixture.shell.state
        pane: "test"
        name: "the test"
        standard: 300
        least: 200
        most: 400
    }

    function test_pausesAndResumes() {
        const button = findChild(panel, "proxySwitch");
        mouseClick(button);
        verify(fixture.shell.proxy.paused);
        mouseClick(button);
        verify(!fixture.shell.proxy.paused);
    }

    function test_saysWhyThePortStaysClosed() {
        fixture.shell.proxy.paused = true;
        fixture.shell.portTaken = true;
        fixture.shell.proxy.paused = false;
        verify(fixture.shell.proxy.paused);
        verify(fixture.shell.proxy.switchProblem !== "");
        compare(fixture.fetches, 0);
        fixture.shell.portTaken = false;
        fixture.shell.proxy.paused = false;
        compare(fixture.shell.proxy.switchProblem, "");
    }

    function test_anEdgeMovesWithArrowsWithinItsBounds() {
        edge.forceActiveFocus();
        keyClick(Qt.Key_Right);
        compare(edge.paneWidth, 316);
        keyClick(Qt.Key_End);
        compare(edge.paneWidth, 400);
        keyClick(Qt.Key_Right);
        compare(edge.paneWidth, 400);
        compare(fixture.shell.state.paneWidth("test", 0), 400);
        keyClick(Qt.Key_Return);
        compare(edge.paneWidth, 300);
    }
}
