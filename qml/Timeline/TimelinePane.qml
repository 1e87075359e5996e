// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// When the calls of a session ran, its tools did and something was held. A drag, or Shift and the arrows, marks a part
// of the time, and only what began in it is shown; the chip that tells which, and Esc, take it back.
FocusScope {
    id: root

    required property Timeline timeline
    property string currentCall: ""
    /// Only what is marked is shown; when that ends elsewhere, so does the mark.
    property bool filtered: false
    readonly property alias chart: waterfall

    /// A call was chosen here: show it. inRange: it is within what is marked.
    signal callChosen(string callId, bool inRange)
    /// Only the calls that began from one time to another, the second not in it; microseconds since 1970.
    signal rangeChosen(real from, real to)
    signal rangeCleared

    onFilteredChanged: {
        if (!root.filtered)
            waterfall.clearMark();
    }
    implicitHeight: content.implicitHeight + Theme.space3 + Theme.space1 + 1

    Item {
        id: content

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.leftMargin: Theme.space5
        anchors.rightMargin: Theme.space5
        anchors.topMargin: Theme.space3
        implicitHeight: waterfall.lanes.length * waterfall.laneHeight + 16

        Column {
            id: names

            Repeater {
                model: waterfall.lanes
                delegate: PlainLabel {
                    id: lane

                    required property string modelData

                    width: 48
                    height: waterfall.laneHeight
                    verticalAlignment: Text.AlignVCenter
                    text: lane.modelData
                    color: Theme.text3
                    font.pixelSize: Theme.metaSize
                    textFormat: Text.PlainText
                }
            }
        }

        Waterfall {
            id: waterfall

            objectName: "waterfall"
            anchors.left: names.right
            anchors.right: parent.right
            anchors.top: parent.top
            anchors.bottom: parent.bottom
            focus: true
            activeFocusOnTab: true
            timeline: root.timeline
            currentCall: root.currentCall
            modelColor: Qt.alpha(Theme.accent, Theme.dark ? 0.55 : 0.5)
            agentColor: Qt.alpha(Theme.hold, Theme.dark ? 0.5 : 0.45)
            toolColor: Qt.alpha(Theme.allow, 0.7)
            changedColor: Theme.modify
            personColor: Theme.hold
            failedColor: Theme.failure
            blockedColor: Theme.block
            lineColor: Theme.line
            textColor: Theme.text3
            accentColor: Theme.accent
            fontFamily: Theme.sans
            Accessible.role: Accessible.Chart
            Accessible.name: qsTr("Timeline")
            Accessible.description: waterfall.summary
            Accessible.focusable: true
            onChosen: callId => root.callChosen(callId, waterfall.isInMark(callId))
            onMarkMade: (from, to) => root.rangeChosen(from, to)
            onMarkChanged: {
                if (!waterfall.marked)
                    root.rangeCleared();
            }
        }

        FocusRing {
            anchors.fill: waterfall
            anchors.margins: -4
            shown: waterfall.activeFocus
        }

        PlainLabel {
            anchors.centerIn: waterfall
            visible: text !== ""
            text: root.timeline.error !== "" ? root.timeline.error : root.timeline.loading && root.timeline.count === 0 ? qsTr("Reading the calls…") : ""
            color: Theme.text3
            font.pixelSize: Theme.metaSize
            textFormat: Text.PlainText
        }
    }

    Row {
        anchors.right: parent.right
        anchors.rightMargin: Theme.space5
        anchors.bottom: parent.bottom
        anchors.bottomMargin: 3
        spacing: Theme.space1

        TimelineChip {
            objectName: "timeline.whole"
            visible: !waterfall.whole
            text: qsTr("Show all")
            hint: qsTr("In view: %1").arg(waterfall.viewText)
            onClicked: waterfall.showAll()
        }

        TimelineChip {
            objectName: "timeline.unmark"
            visible: waterfall.marked
            glyph: "cross"
            text: waterfall.markText
            hint: qsTr("Show the whole time again (Esc)")
            onClicked: waterfall.clearMark()
        }
    }

    Rule {
        anchors.bottom: parent.bottom
        width: parent.width
    }

    TimelineCard {
        id: card

        x: Math.max(Theme.space2, Math.min(root.width - card.width - Theme.space2, content.x + waterfall.x + waterfall.hoveredX - card.width / 2))
        y: root.height + Theme.space1
        title: waterfall.hoveredTitle
        text: waterfall.hoveredText
    }
}
