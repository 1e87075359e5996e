// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Shell
import Luthien.Theme

TestCase {
    id: root

    name: "StatusBar"
    width: 1000
    height: 60
    when: windowShown
    visible: true

    StatusBar {
        id: bar

        width: parent.width
        proxy: fixture.proxy
        policies: fixture.policies
    }

    function labels(item) {
        let found = [];
        for (let i = 0; i < item.children.length; ++i) {
            const child = item.children[i];
            found = found.concat(child.text !== undefined && child.visible ? [child] : [], labels(child));
        }
        return found;
    }

    function label(text) {
        return labels(bar).filter(each => each.text === text)[0];
    }

    function cleanup() {
        fixture.trouble("", false);
        bar.width = root.width;
    }

    function test_troubleTakesThePlaceOfFigures() {
        const text = "The database cannot be written.";
        compare(label(text), undefined);
        verify(label(fixture.proxy.paceText));
        fixture.trouble(text, false);
        verify(label(text));
        compare(label(fixture.proxy.paceText), undefined);
        fixture.trouble("", false);
        compare(label(text), undefined);
        verify(label(fixture.proxy.paceText));
    }

    function test_tellsWhetherAgentsWait() {
        const text = "The disk is full: free some space. Agents wait: nothing passes that cannot be recorded.";
        fixture.trouble(text, true);
        verify(Qt.colorEqual(label(text).color, Theme.failure));
        compare(label(text).Accessible.name, text);
        const degraded = "Catching up: 812 KB of the journal are not in the database yet.";
        fixture.trouble(degraded, false);
        verify(Qt.colorEqual(label(degraded).color, Theme.modify));
    }

    function test_aLongReasonCoversNothing() {
        const text = fixture.hostile + " " + "x".repeat(2000);
        fixture.trouble(text, true);
        bar.width = 700;
        const told = label(text);
        verify(told.truncated);
        for (const other of labels(bar).filter(each => each !== told)) {
            const left = other.mapToItem(bar, 0, 0).x;
            const place = told.mapToItem(bar, 0, 0).x;
            verify(left + other.width <= place || left >= place + told.width, other.text);
        }
        compare(fixture.fetches, 0);
    }
}
