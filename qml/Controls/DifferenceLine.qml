// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Desktop
import Luthien.Theme

// A line of two bodies that are compared: the same, or what went and what came in its place.
Item {
    id: root

    required property int kind
    required property string before
    required property string after
    required property int skipped

    readonly property bool showsBefore: root.kind !== ChangedLines.Added
    readonly property bool showsAfter: root.kind === ChangedLines.Added || root.kind === ChangedLines.Changed

    implicitHeight: lines.height
    Accessible.role: Accessible.StaticText
    Accessible.name: root.kind === ChangedLines.Skipped ? gap.text : root.kind === ChangedLines.Same ? root.before : root.kind === ChangedLines.Removed ? qsTr("Removed: %1").arg(root.before) : root.kind === ChangedLines.Added ? qsTr("Added: %1").arg(root.after) : qsTr("%1 became %2").arg(root.before).arg(root.after)

    Column {
        id: lines

        width: parent.width

        PlainLabel {
            id: gap

            width: parent.width
            visible: root.kind === ChangedLines.Skipped
            leftPadding: 12
            topPadding: 4
            bottomPadding: 4
            text: root.skipped === 1 ? qsTr("1 line is the same") : qsTr("%1 lines are the same").arg(root.skipped)
            color: Theme.text3
            font.pixelSize: Theme.metaSize
            textFormat: Text.PlainText
        }

        Rectangle {
            width: parent.width
            height: beforeText.implicitHeight + 4
            visible: root.kind !== ChangedLines.Skipped && root.showsBefore
            color: root.kind === ChangedLines.Same ? "transparent" : Theme.blockSoft

            CodeText {
                x: 6
                y: 2
                text: root.kind === ChangedLines.Same ? "" : "−"
                color: Theme.block
                textFormat: Text.PlainText
            }

            CodeText {
                id: beforeText

                x: 20
                y: 2
                width: parent.width - 26
                text: root.before
                color: root.kind === ChangedLines.Same ? Theme.text2 : Theme.text
                wrapMode: Text.WrapAnywhere
                textFormat: Text.PlainText
            }
        }

        Rectangle {
            width: parent.width
            height: afterText.implicitHeight + 4
            visible: root.showsAfter
            color: Theme.allowSoft

            CodeText {
                x: 6
                y: 2
                text: "+"
                color: Theme.allow
                textFormat: Text.PlainText
            }

            CodeText {
                id: afterText

                x: 20
                y: 2
                width: parent.width - 26
                text: root.after
                color: Theme.text
                wrapMode: Text.WrapAnywhere
                textFormat: Text.PlainText
            }
        }
    }
}
