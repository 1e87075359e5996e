// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Theme
import Luthien.Timeline

// The fixture's session has 400 calls of 3 s, one every 5 s; after each the tools run for 2 s. Those of call 200 were
// blocked, call 300 failed.
TestCase {
    id: root

    name: "TimelinePane"
    width: 900
    height: 200
    when: windowShown
    visible: true

    property string chosen: ""
    property bool chosenInRange: false
    property var range: []

    TimelinePane {
        id: pane

        width: parent.width
        height: pane.implicitHeight
        timeline: fixture.activity.timeline
        onCallChosen: (callId, inRange) => {
            root.chosen = callId;
            root.chosenInRange = inRange;
            pane.currentCall = callId;
        }
        onRangeChosen: (from, to) => {
            root.range = [from, to];
            pane.filtered = true;
        }
        onRangeCleared: {
            root.range = [];
            pane.filtered = false;
        }
    }

    readonly property Item chart: pane.chart

    function init() {
        chart.showAll();
        chart.clearMark();
        pane.currentCall = "";
        root.chosen = "";
        chart.forceActiveFocus();
        waitForRendering(chart);
    }

    // Whether some pixel of a lane about there is about this colour. grabImage() of an item does not find its place.
    function hasColor(image, x, lane, color) {
        const at = chart.mapToItem(root, Math.round(x), lane * chart.laneHeight);
        for (let i = -1; i <= 1; ++i) {
            for (let j = 0; j < chart.laneHeight; ++j) {
                const pixel = image.pixel(at.x + i, at.y + j);
                if (Math.abs(pixel.r - color.r) + Math.abs(pixel.g - color.g) + Math.abs(pixel.b - color.b) < 0.06)
                    return true;
            }
        }
        return false;
    }

    function test_drawsWhatHappened() {
        tryCompare(chart, "lanes", ["Model", "Tools", "Held"]);
        waitForRendering(chart);
        const image = grabImage(root);
        const x = seconds => seconds / (399 * 5 + 3) * chart.width;
        verify(hasColor(image, x(200 * 5 + 4), 1, Theme.block), "what was blocked is seen among 400");
        verify(!hasColor(image, x(250 * 5 + 4), 1, Theme.block));
        verify(hasColor(image, x(300 * 5 + 1.5), 0, Theme.failure), "what failed is seen");
        verify(hasColor(image, x(150 * 5 + 1.5), 0, Qt.tint("#ffffff", chart.modelColor)), "calls are drawn");
        verify(hasColor(image, x(150 * 5 + 4), 1, Qt.tint("#ffffff", chart.toolColor)), "tools are drawn");
        verify(hasColor(image, x(10 * 5 + 2.5), 2, chart.personColor), "holds are drawn");
    }

    function test_keysZoomPanAndComeBack() {
        verify(chart.whole);
        keyClick(Qt.Key_W);
        verify(!chart.whole);
        const zoomed = chart.viewText;
        keyClick(Qt.Key_D);
        verify(chart.viewText !== zoomed);
        keyClick(Qt.Key_A);
        compare(chart.viewText, zoomed);
        keyClick(Qt.Key_Plus);
        keyClick(Qt.Key_Minus);
        compare(chart.viewText, zoomed);
        keyClick(Qt.Key_Escape);
        verify(chart.whole);
        keyClick(Qt.Key_W);
        keyClick(Qt.Key_0);
        verify(chart.whole);
    }

    function test_arrowsChooseCallsAndKeepThemInView() {
        keyClick(Qt.Key_Home);
        compare(root.chosen, fixture.activity.timelineCall(0));
        keyClick(Qt.Key_Right);
        compare(root.chosen, fixture.activity.timelineCall(1));
        keyClick(Qt.Key_End);
        compare(root.chosen, fixture.activity.timelineCall(399));
        keyClick(Qt.Key_Left);
        compare(root.chosen, fixture.activity.timelineCall(398));
        for (let i = 0; i < 12; ++i)
            keyClick(Qt.Key_W);
        const far = chart.viewText;
        keyClick(Qt.Key_Home);
        verify(chart.viewText !== far, "the view goes to what is chosen");
        verify(chart.summary.includes("claude"));
    }

    function test_aClickChoosesTheCallUnderIt() {
        for (let i = 0; i < 9; ++i)
            keyClick(Qt.Key_W);
        mouseMove(chart, chart.width / 2, 6);
        let x = chart.width / 2;
        for (; x < chart.width && root.chosen === ""; x += 4)
            mouseClick(chart, x, 6);
        verify(root.chosen !== "");
        waitForRendering(chart);
    }

    function test_aDragMarksAPartAndEscTakesItBack() {
        mousePress(chart, 100, 6);
        mouseMove(chart, 200, 6);
        mouseMove(chart, 300, 6);
        verify(chart.marked);
        mouseRelease(chart, 300, 6);
        verify(chart.markText.endsWith("calls"), chart.markText);
        compare(root.range.length, 2);
        verify(Math.abs(root.range[1] - root.range[0] - 200 / chart.width * 1998e6) < 10e6, "200 pixels of all the time");
        const chip = findChild(pane, "timeline.unmark");
        verify(chip.visible);
        keyClick(Qt.Key_Escape);
        verify(!chart.marked && !chip.visible);
        compare(root.range, []);
    }

    function test_whereNothingBeganNothingIsChosen() {
        for (let i = 0; i < 12; ++i)
            keyClick(Qt.Key_W);
        mousePress(chart, 400, 6);
        mouseMove(chart, 410, 6);
        mouseMove(chart, 412, 6);
        mouseRelease(chart, 412, 6);
        verify(chart.marked);
        compare(root.range, []);
    }

    function test_theMarkGoesWhenAllIsShownAgainElsewhere() {
        mouseDrag(chart, 100, 6, 200, 0);
        verify(chart.marked);
        pane.filtered = false;
        verify(!chart.marked);
    }

    function test_shiftArrowsMarkWithTheKeyboard() {
        keyClick(Qt.Key_Home);
        keyClick(Qt.Key_Right, Qt.ShiftModifier);
        keyClick(Qt.Key_Right, Qt.ShiftModifier);
        verify(chart.marked);
        verify(chart.markText.endsWith("2 calls"), chart.markText);
        compare(root.chosen, fixture.activity.timelineCall(1));
        verify(root.chosenInRange);
        compare(root.range[1] - root.range[0], 8e6 + 1); // both calls, to the end of the second
        // Wherever the reader is now, the mark goes on where it was.
        pane.currentCall = fixture.activity.timelineCall(300);
        keyClick(Qt.Key_Right, Qt.ShiftModifier);
        verify(chart.markText.endsWith("3 calls"), chart.markText);
        keyClick(Qt.Key_Left, Qt.ShiftModifier);
        keyClick(Qt.Key_Left, Qt.ShiftModifier);
        verify(chart.markText.endsWith("1 call"), chart.markText);
        keyClick(Qt.Key_Right);
        verify(!root.chosenInRange, "the next one is another's");
    }

    function test_theWheelLooksCloserWhereThePointerIs() {
        mouseWheel(chart, 0, 6, 0, 120 * 8);
        verify(chart.viewText.startsWith("0:00"), chart.viewText);
        mouseDrag(chart, 500, 6, -200, 0, Qt.RightButton);
        verify(!chart.viewText.startsWith("0:00 to"), chart.viewText);
        verify(!chart.marked);
    }

    function test_nothingIsFetched() {
        compare(fixture.fetches, 0);
    }
}
