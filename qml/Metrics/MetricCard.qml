// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// One figure and how it came about: as a chart, or as a table.
Rectangle {
    id: root

    required property MetricsModel metrics
    required property int index
    required property string title
    required property string value
    required property string detail
    required property bool recent
    required property list<string> legend
    required property list<int> tones
    property bool asTable: false

    readonly property list<color> colors: [Theme.accent, Qt.alpha(Theme.accent, 0.55), Theme.text3, Theme.allow, Theme.modify, Theme.hold, Theme.block, Theme.failure]

    implicitHeight: 208
    radius: Theme.cardRadius
    color: Theme.raised
    border.color: Theme.line
    Accessible.role: Accessible.Grouping
    Accessible.name: qsTr("%1: %2, %3").arg(root.title).arg(root.value).arg(root.detail)

    PlainLabel {
        id: name

        x: Theme.space4
        y: Theme.space3
        text: root.title
        color: Theme.text2
        font.pixelSize: Theme.secondarySize
        font.weight: Font.Medium
        textFormat: Text.PlainText
    }

    PlainLabel {
        anchors.left: name.right
        anchors.leftMargin: Theme.space2
        anchors.baseline: name.baseline
        visible: root.recent
        text: qsTr("last 15 min")
        color: Theme.text3
        font.pixelSize: Theme.metaSize
        textFormat: Text.PlainText
    }

    PushButton {
        anchors.right: parent.right
        anchors.rightMargin: Theme.space2
        y: Theme.space1 + 2
        objectName: "metric.table." + root.index
        quiet: true
        glyph: root.asTable ? "metrics" : "table"
        Accessible.name: root.asTable ? qsTr("%1: show the chart").arg(root.title) : qsTr("%1: show as a table").arg(root.title)
        onClicked: root.asTable = !root.asTable
    }

    PlainLabel {
        id: figure

        x: Theme.space4
        y: 30
        text: root.value
        font.pixelSize: 22
        font.weight: Font.DemiBold
        textFormat: Text.PlainText
    }

    PlainLabel {
        anchors.left: figure.right
        anchors.leftMargin: Theme.space3
        anchors.right: parent.right
        anchors.rightMargin: Theme.space4
        anchors.baseline: figure.baseline
        text: root.detail
        color: Theme.text3
        elide: Text.ElideRight
        maximumLineCount: 1
        font.pixelSize: Theme.metaSize
        textFormat: Text.PlainText
    }

    TimeChart {
        id: chart

        x: Theme.space4
        y: 68
        width: parent.width - 2 * Theme.space4
        height: 84
        visible: !root.asTable
        metrics: root.metrics
        card: root.index
        colors: root.colors
        lineColor: Theme.line
        Accessible.role: Accessible.Chart
        Accessible.name: root.title
        Accessible.description: chart.hovered
    }

    PlainLabel {
        x: chart.x
        y: chart.y - 8
        visible: chart.visible && chart.hovered === ""
        text: chart.greatest
        color: Theme.text3
        font.pixelSize: 10
        textFormat: Text.PlainText
        Accessible.ignored: true
    }

    Repeater {
        model: [chart.begin, chart.end]
        delegate: PlainLabel {
            required property int index
            required property string modelData

            objectName: "metric.time." + index
            x: index === 0 ? chart.x : chart.x + chart.width - width
            y: chart.y + chart.height + 2
            visible: chart.visible
            text: modelData
            color: Theme.text3
            font.pixelSize: 10
            textFormat: Text.PlainText
        }
    }

    PlainLabel {
        x: Theme.space4
        y: 172
        width: parent.width - 2 * Theme.space4
        visible: chart.visible && chart.hovered !== ""
        text: chart.hovered
        color: Theme.text2
        elide: Text.ElideRight
        maximumLineCount: 1
        font.pixelSize: Theme.metaSize
        textFormat: Text.PlainText
    }

    MetricLegend {
        x: Theme.space4
        y: 172
        width: parent.width - 2 * Theme.space4
        height: 28
        clip: true
        visible: chart.visible && chart.hovered === ""
        names: root.legend
        tones: root.tones
        colors: root.colors
    }

    // A table is of the moment it was asked for: one that is being read does not move.
    MetricTable {
        x: Theme.space4
        y: 68
        width: parent.width - 2 * Theme.space4
        height: parent.height - 68 - Theme.space3
        visible: root.asTable
        lines: root.asTable ? root.metrics.table(root.index) : []
    }

    Connections {
        target: root.metrics
        function onRangeChanged() {
            root.asTable = false;
        }
    }
}
