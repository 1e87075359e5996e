// SPDX-License-Identifier: Apache-2.0
pragma Singleton
import QtQuick

// Every colour, size and font of the application. Neutral surfaces, one accent; the other colours mean decisions.
QtObject {
    id: root

    property bool dark: false

    readonly property color canvas: root.dark ? "#0e1015" : "#ffffff"
    readonly property color panel: root.dark ? "#13161c" : "#f6f7f9"
    readonly property color rail: root.dark ? "#0a0c10" : "#eef0f3"
    readonly property color raised: root.dark ? "#191d25" : "#ffffff"
    readonly property color inset: root.dark ? "#0a0c10" : "#f6f7f9"
    readonly property color hover: root.dark ? "#1b2029" : "#eceef2"
    readonly property color selected: root.dark ? "#1d2742" : "#e4eafc"
    readonly property color line: root.dark ? "#232832" : "#e4e7ec"
    readonly property color lineStrong: root.dark ? "#39414f" : "#cdd2db"

    readonly property color text: root.dark ? "#e2e6ed" : "#14171f"
    readonly property color text2: root.dark ? "#adb5c3" : "#474e5c"
    readonly property color text3: root.dark ? "#8b94a5" : "#5f6775"

    readonly property color accent: root.dark ? "#8ea4ff" : "#3a56d4"
    readonly property color fill: root.dark ? "#4d68e8" : "#3a56d4"
    readonly property color textOnFill: "#ffffff"

    readonly property color allow: root.dark ? "#67d391" : "#17693b"
    readonly property color allowSoft: root.dark ? "#12281c" : "#e1f4e8"
    readonly property color modify: root.dark ? "#eebd54" : "#7c4a03"
    readonly property color modifySoft: root.dark ? "#2b2210" : "#fcf0d5"
    readonly property color block: root.dark ? "#ff8f87" : "#b3261e"
    readonly property color blockSoft: root.dark ? "#35181a" : "#fde9e7"
    readonly property color hold: root.dark ? "#bba6ff" : "#5b3cc4"
    readonly property color holdSoft: root.dark ? "#241d3c" : "#efeafd"
    readonly property color failure: root.dark ? "#f394cb" : "#9b1f6c"
    readonly property color failureSoft: root.dark ? "#331a2a" : "#fbe7f3"

    readonly property color foundFill: root.dark ? "#4a3c0f" : "#fdeaa3"
    readonly property color addedFill: root.dark ? "#10291c" : "#e3f6ea"
    readonly property color removedFill: root.dark ? "#331719" : "#fdeceb"
    readonly property color addedMark: root.dark ? "#1d5a37" : "#a9e2be"
    readonly property color removedMark: root.dark ? "#6e2a2d" : "#f7bdb9"

    readonly property string sans: "Inter"
    readonly property string mono: "JetBrains Mono"
    readonly property int metaSize: 11
    readonly property int secondarySize: 12
    readonly property int codeSize: 12
    readonly property int controlSize: 13
    readonly property int messageSize: 14
    readonly property int titleSize: 16
    readonly property real messageLineHeight: 1.4
    readonly property real codeLineHeight: 1.5

    readonly property int space1: 4
    readonly property int space2: 8
    readonly property int space3: 12
    readonly property int space4: 16
    readonly property int space5: 24

    readonly property int chipRadius: 4
    readonly property int badgeRadius: 5
    readonly property int controlRadius: 6
    readonly property int cardRadius: 8

    readonly property int sessionRow: 62
    readonly property int sectionHead: 34
    readonly property int toolHead: 40
    readonly property int joinedHead: 28
    readonly property int compactRow: 36
    readonly property int button: 28
    readonly property int railWidth: 56
    readonly property int sessionsWidth: 300
    readonly property int inspectorWidth: 392
    readonly property int statusHeight: 28
    readonly property int paneHeader: 64
    readonly property int wheelStep: 72
    /// A view that is no further from its end follows what is written there.
    readonly property int followWithin: 24
}
