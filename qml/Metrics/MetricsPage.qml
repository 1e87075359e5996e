// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// What was done and how fast, over the chosen time, and what goes on in the last minutes.
FocusScope {
    id: root

    required property MetricsModel metrics

    readonly property int columns: Math.max(1, Math.floor((page.width - 2 * Theme.space5 + Theme.space3) / (320 + Theme.space3)))
    readonly property real cardWidth: Math.floor((page.width - 2 * Theme.space5 - (root.columns - 1) * Theme.space3) / root.columns)

    Binding {
        target: root.metrics
        property: "shown"
        value: root.visible
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.canvas
    }

    PlainLabel {
        id: heading

        x: Theme.space5
        height: Theme.paneHeader - 1
        verticalAlignment: Text.AlignVCenter
        text: qsTr("Metrics")
        font.pixelSize: Theme.titleSize
        font.weight: Font.DemiBold
        textFormat: Text.PlainText
        Accessible.role: Accessible.Heading
        Accessible.name: heading.text
    }

    SegmentedChoice {
        id: range

        objectName: "metrics.range"
        anchors.right: parent.right
        anchors.rightMargin: Theme.space5
        anchors.verticalCenter: heading.verticalCenter
        focus: true
        name: qsTr("Time")
        words: [qsTr("15 min"), qsTr("1 hour"), qsTr("24 hours"), qsTr("7 days"), qsTr("30 days")]
        current: root.metrics.range
        onChosen: index => root.metrics.range = index
    }

    PlainLabel {
        anchors.left: heading.right
        anchors.leftMargin: Theme.space4
        anchors.right: range.left
        anchors.rightMargin: Theme.space4
        anchors.verticalCenter: heading.verticalCenter
        visible: text !== ""
        text: root.metrics.error !== "" ? root.metrics.error : root.metrics.loading && cards.count === 0 ? qsTr("Reading…") : ""
        color: root.metrics.error !== "" ? Theme.failure : Theme.text3
        elide: Text.ElideRight
        maximumLineCount: 1
        font.pixelSize: Theme.secondarySize
        textFormat: Text.PlainText
    }

    Rule {
        id: edge

        anchors.top: heading.bottom
        width: parent.width
    }

    PageScroll {
        id: page

        anchors.top: edge.bottom
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        contentHeight: grid.height + 2 * Theme.space5

        Grid {
            id: grid

            x: Theme.space5
            y: Theme.space5
            columns: root.columns
            spacing: Theme.space3

            Repeater {
                id: cards

                model: root.metrics
                delegate: MetricCard {
                    width: root.cardWidth
                    metrics: root.metrics
                }
            }
        }
    }
}
