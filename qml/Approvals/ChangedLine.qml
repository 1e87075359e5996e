// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// A line of the model's arguments beside the line that takes its place.
Column {
    id: root

    required property int kind
    required property string before
    required property string after
    required property list<int> beforeMarks
    required property list<int> afterMarks
    required property int skipped

    readonly property bool removes: root.kind === ChangedLines.Removed || root.kind === ChangedLines.Changed
    readonly property bool adds: root.kind === ChangedLines.Added || root.kind === ChangedLines.Changed

    Accessible.role: Accessible.ListItem
    Accessible.name: root.kind === ChangedLines.Skipped ? skippedLabel.text : (root.removes ? qsTr("was: %1").arg(root.before) : "") + (root.adds ? " " + qsTr("is: %1").arg(root.after) : "") + (!root.removes && !root.adds ? root.before : "")

    DiffText {
        width: root.width
        visible: root.removes
        sign: "-"
        text: root.before
        marks: root.beforeMarks
        tint: Theme.block
        fill: Theme.blockSoft
    }

    DiffText {
        width: root.width
        visible: root.adds
        sign: "+"
        text: root.after
        marks: root.afterMarks
        tint: Theme.allow
        fill: Theme.allowSoft
    }

    DiffText {
        width: root.width
        visible: root.kind === ChangedLines.Same
        sign: " "
        text: root.before
        marks: []
        tint: Theme.text2
        fill: "transparent"
    }

    PlainLabel {
        id: skippedLabel

        visible: root.kind === ChangedLines.Skipped
        leftPadding: 24
        text: qsTr("%1 lines stay").arg(root.skipped)
        color: Theme.text3
        font.pixelSize: Theme.metaSize
        textFormat: Text.PlainText
    }
}
