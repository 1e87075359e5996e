// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtTest
import Luthien.Theme

// What is written can be read: at least 4.5 to 1 wherever a colour of text meets a colour below it (WCAG 2.2, 1.4.3).
TestCase {
    id: root

    name: "Theme"

    readonly property var surfaces: ["canvas", "panel", "rail", "raised", "inset", "hover", "selected"]
    readonly property var inks: ["text", "text2", "text3", "accent", "allow", "modify", "block", "hold", "failure"]
    readonly property var tints: ["allowSoft", "modifySoft", "blockSoft", "holdSoft", "failureSoft"]
    readonly property var marks: ["foundFill", "addedFill", "removedFill"]

    function cleanup() {
        Theme.dark = false;
    }

    function part(value) {
        return value <= 0.04045 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    }

    function luminance(color) {
        return 0.2126 * part(color.r) + 0.7152 * part(color.g) + 0.0722 * part(color.b);
    }

    function contrast(one, other) {
        const both = [luminance(one), luminance(other)];
        return (Math.max(...both) + 0.05) / (Math.min(...both) + 0.05);
    }

    function test_contrastIsThatOfTheStandard() {
        fuzzyCompare(contrast(Qt.rgba(0, 0, 0, 1), Qt.rgba(1, 1, 1, 1)), 21, 0.001);
        fuzzyCompare(contrast(Qt.color("#777777"), Qt.color("#ffffff")), 4.478, 0.001);
    }

    function test_everyTextCanBeRead_data() {
        const pairs = [];
        for (const below of surfaces)
            pairs.push(...inks.map(ink => [ink, below]));
        for (const below of tints)
            pairs.push(["text", below], ["text2", below], [below.replace("Soft", ""), below]);
        for (const below of marks)
            pairs.push(["text", below], ["text2", below]);
        pairs.push(["text", "addedMark"], ["text", "removedMark"], ["textOnFill", "fill"]);
        const rows = [];
        for (const dark of [false, true])
            rows.push(...pairs.map(pair => ({
                                "tag": `${pair[0]} on ${pair[1]}, ${dark ? "dark" : "light"}`,
                                "dark": dark,
                                "ink": pair[0],
                                "below": pair[1]
                            })));
        return rows;
    }
    function test_everyTextCanBeRead(row) {
        Theme.dark = row.dark;
        const measured = contrast(Theme[row.ink], Theme[row.below]);
        verify(measured >= 4.5, measured.toFixed(2));
    }
}
