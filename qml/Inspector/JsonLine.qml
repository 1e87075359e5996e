// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// One row of a JSON tree: its name, and its value or how many it holds.
Item {
    id: root

    required property int depth
    required property string name
    required property string value
    required property int kind
    required property bool expandable
    required property bool expanded
    property bool current: false
    /// The keyboard is in this tree.
    property bool focused: false
    property bool found: false
    property bool wrong: false

    readonly property bool isContainer: root.kind === JsonTreeModel.Object || root.kind === JsonTreeModel.Array
    readonly property bool isLine: root.kind === JsonTreeModel.Line
    readonly property real indent: 8 + Math.min(root.depth, 12) * 14

    signal chosen
    signal toggled

    Accessible.role: Accessible.TreeItem
    Accessible.name: (root.name === "" ? "" : root.name + ": ") + root.value
    Accessible.selected: root.current
    Accessible.description: !root.expandable ? "" : root.expanded ? qsTr("open") : qsTr("closed")

    Rectangle {
        anchors.fill: parent
        anchors.leftMargin: 4
        anchors.rightMargin: 4
        radius: Theme.chipRadius
        color: root.wrong ? Theme.blockSoft : root.found ? Theme.modifySoft : root.current ? root.focused ? Theme.selected : Theme.hover : "transparent"
    }

    Glyph {
        x: root.indent
        anchors.verticalCenter: parent.verticalCenter
        visible: root.expandable
        name: root.expanded ? "chevron-down" : "chevron-right"
        size: 12
        tint: Theme.text3
    }

    CodeText {
        id: nameLabel

        x: root.indent + (root.isLine ? 4 : 16)
        anchors.verticalCenter: parent.verticalCenter
        width: Math.min(nameLabel.implicitWidth, (root.width - nameLabel.x) * 0.6)
        text: root.name
        color: Theme.accent
        elide: Text.ElideRight
        maximumLineCount: 1
        textFormat: Text.PlainText
    }

    CodeText {
        anchors.left: nameLabel.right
        anchors.leftMargin: root.name === "" ? 0 : 8
        anchors.right: parent.right
        anchors.rightMargin: 14
        anchors.verticalCenter: parent.verticalCenter
        text: root.value
        color: root.isContainer ? Theme.text3 : root.isLine ? Theme.text : root.kind === JsonTreeModel.String ? Theme.allow : root.kind === JsonTreeModel.Number ? Theme.modify : Theme.hold
        elide: Text.ElideRight
        maximumLineCount: 1
        textFormat: Text.PlainText
    }

    TapHandler {
        onTapped: point => {
            root.chosen();
            if (root.expandable && point.position.x < root.indent + 16)
                root.toggled();
        }
        onDoubleTapped: root.toggled()
    }
}
