// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Metrics
import Luthien.Theme

TestCase {
    id: root

    name: "MetricsPage"
    width: 1000
    height: 700
    when: windowShown
    visible: true

    MetricsPage {
        id: page

        anchors.fill: parent
        metrics: fixture.activity.metrics
    }

    function card(title) {
        let found = null;
        const look = item => {
            if (item.title === title && item.asTable !== undefined)
                found = item;
            for (let i = 0; i < item.children.length && !found; ++i)
                look(item.children[i]);
        };
        look(page);
        return found;
    }

    function chartOf(card) {
        for (let i = 0; i < card.children.length; ++i)
            if (card.children[i].greatest !== undefined)
                return card.children[i];
        return null;
    }

    function test_1_showsWhatIsRecorded() {
        verify(fixture.activity.metrics.shown);
        fixture.activity.answerMetrics();
        tryVerify(() => card("Requests") !== null);
        compare(card("Requests").value, "7");
        compare(card("Requests").detail, "2 blocked");
        verify(!card("Requests").recent);
        verify(card("Journal").recent);
    }

    function test_2_drawsIt() {
        const chart = chartOf(card("Requests"));
        compare(chart.greatest, "7");
        waitForRendering(chart);
        const image = grabImage(root);
        const at = chart.mapToItem(root, 0, 0);
        const color = (x, y) => image.pixel(Math.floor(at.x + x), Math.floor(at.y + y));
        // All of it happened in the last step: five completed below, two blocked on top.
        const x = chart.width - chart.width / 120;
        verify(Qt.colorEqual(color(x, chart.height - 4), Theme.accent), color(x, chart.height - 4));
        verify(Qt.colorEqual(color(x, 4), Theme.block), color(x, 4));
        verify(!Qt.colorEqual(color(x - 40, 4), Theme.block));
    }

    function test_2b_saysFromWhenToWhen() {
        const requests = card("Requests");
        const chart = chartOf(requests);
        const first = findChild(requests, "metric.time.0");
        const last = findChild(requests, "metric.time.1");
        verify(/^\d\d:\d\d:\d\d$/.test(first.text), first.text);
        verify(/^\d\d:\d\d:\d\d$/.test(last.text) && last.text !== first.text, last.text);
        compare(first.x, chart.x);
        compare(last.x + last.width, chart.x + chart.width);
        verify(first.y >= chart.y + chart.height);
    }

    function test_3_tellsTheStepUnderThePointer() {
        const chart = chartOf(card("Requests"));
        mouseMove(chart, chart.width - 2, 20);
        tryVerify(() => chart.hovered.endsWith("5 completed, 2 blocked"));
        mouseMove(page, 2, 2);
        tryCompare(chart, "hovered", "");
    }

    function test_4_isATableForThoseWhoDoNotSeeIt() {
        const requests = card("Requests");
        const button = findChild(requests, "metric.table.0");
        verify(button.Accessible.name !== "");
        button.clicked();
        verify(requests.asTable);
        button.clicked();
        verify(!requests.asTable);
    }

    function test_5_anotherTimeIsRead() {
        const before = fixture.activity.metricsAsked();
        fixture.activity.metrics.range = 2;
        compare(fixture.activity.metricsAsked(), before + 1);
        fixture.activity.answerMetrics();
        compare(card("Requests").value, "7");
        fixture.activity.metrics.range = 0;
    }

    function test_6_aHiddenPageReadsNothing() {
        page.visible = false;
        verify(!fixture.activity.metrics.shown);
        page.visible = true;
        verify(fixture.activity.metrics.shown);
    }
}
