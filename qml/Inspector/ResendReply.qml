// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// One of the two replies: how its call went, and what it says.
Item {
    id: root

    required property string title
    required property string outcome
    required property JsonTreeModel tree
    required property Clipboard clipboard
    /// A line stands at its left.
    property bool edged: false

    Rule {
        height: parent.height
        visible: root.edged
    }

    SectionTitle {
        id: name

        x: Theme.space5
        y: Theme.space2
        text: root.title
    }

    PlainLabel {
        id: words

        x: Theme.space5
        anchors.top: name.bottom
        anchors.topMargin: 4
        width: parent.width - 2 * Theme.space5
        text: root.outcome
        color: Theme.text2
        font.pixelSize: Theme.secondarySize
        wrapMode: Text.Wrap
        textFormat: Text.PlainText
    }

    JsonTree {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: words.bottom
        anchors.topMargin: 8
        anchors.bottom: parent.bottom
        tree: root.tree
        clipboard: root.clipboard
        name: root.title
    }
}
