// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// What the draft says about one thing.
Item {
    id: root

    required property string verdict
    required property string verdictText
    required property string subject
    required property string reason
    required property string replaced

    implicitHeight: words.height + 2 * Theme.space2
    Accessible.role: Accessible.ListItem
    Accessible.name: qsTr("%1: %2. %3").arg(root.verdictText).arg(root.subject).arg(root.reason)

    OutcomeBadge {
        id: badge

        x: Theme.space5
        y: Theme.space2
        verdict: root.verdict
        label: root.verdictText
    }

    Column {
        id: words

        anchors.left: parent.left
        anchors.leftMargin: Theme.space5 + 96
        anchors.right: parent.right
        anchors.rightMargin: Theme.space5
        y: Theme.space2
        spacing: 3

        CodeText {
            width: parent.width
            text: root.subject
            wrapMode: Text.WrapAnywhere
            maximumLineCount: 3
            elide: Text.ElideRight
            textFormat: Text.PlainText
        }

        PlainLabel {
            width: parent.width
            visible: root.reason !== ""
            text: root.reason
            color: Theme.text2
            wrapMode: Text.Wrap
            maximumLineCount: 3
            elide: Text.ElideRight
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }

        CodeText {
            width: parent.width
            visible: root.replaced !== ""
            text: "→ " + root.replaced
            color: Theme.modify
            wrapMode: Text.WrapAnywhere
            maximumLineCount: 4
            elide: Text.ElideRight
            textFormat: Text.PlainText
        }
    }

    Rule {
        anchors.bottom: parent.bottom
        x: Theme.space5
        width: parent.width - 2 * Theme.space5
    }
}
