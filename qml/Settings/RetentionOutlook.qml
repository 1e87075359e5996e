// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// What would go now with the times that are typed.
Rectangle {
    id: root

    required property RetentionForecast forecast
    required property string bodies
    required property string metadata

    implicitHeight: words.height + 2 * Theme.space4
    radius: Theme.cardRadius
    color: Theme.panel
    border.color: Theme.line
    Accessible.role: Accessible.Grouping
    Accessible.name: heading.text
    onBodiesChanged: root.count()
    onMetadataChanged: root.count()
    onVisibleChanged: root.count()

    /// Only what is looked at is counted: it reads the store.
    function count() {
        if (root.visible)
            root.forecast.forecast(root.bodies, root.metadata);
    }

    Column {
        id: words

        x: Theme.space4
        y: Theme.space4
        width: root.width - 2 * Theme.space4
        spacing: Theme.space2

        PlainLabel {
            id: heading

            text: root.forecast.running ? qsTr("Counting what these times would remove…") : qsTr("What these times would remove")
            font.weight: Font.DemiBold
            textFormat: Text.PlainText
        }

        PlainLabel {
            width: parent.width
            visible: text !== ""
            text: root.forecast.problem !== "" ? root.forecast.problem : root.forecast.texts
            color: root.forecast.problem !== "" ? Theme.failure : Theme.text2
            wrapMode: Text.Wrap
            textFormat: Text.PlainText
        }

        PlainLabel {
            width: parent.width
            visible: text !== "" && root.forecast.problem === ""
            text: root.forecast.metadata
            color: Theme.text2
            wrapMode: Text.Wrap
            textFormat: Text.PlainText
        }

        PlainLabel {
            width: parent.width
            text: qsTr("Counted by whole sessions. What goes cannot be brought back; the chain of evidence keeps its hashes.")
            color: Theme.text3
            font.pixelSize: Theme.secondarySize
            wrapMode: Text.Wrap
            textFormat: Text.PlainText
        }
    }
}
