// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Theme

// The headers of a request or a response, folded to a line while nobody asks.
FocusScope {
    id: root

    required property list<string> names
    required property list<string> values
    property bool expanded: false

    implicitHeight: head.height + (root.expanded ? table.height + 6 : 0)

    Item {
        id: head

        width: parent.width
        height: 26
        focus: true
        activeFocusOnTab: true
        Accessible.role: Accessible.Button
        Accessible.name: label.text
        Accessible.description: root.expanded ? qsTr("open") : qsTr("closed")
        Accessible.onPressAction: root.expanded = !root.expanded
        Keys.onReturnPressed: root.expanded = !root.expanded
        Keys.onSpacePressed: root.expanded = !root.expanded

        Glyph {
            id: chevron

            anchors.verticalCenter: parent.verticalCenter
            name: root.expanded ? "chevron-down" : "chevron-right"
            size: 12
            tint: Theme.text3
        }

        PlainLabel {
            id: label

            anchors.left: chevron.right
            anchors.leftMargin: 6
            anchors.verticalCenter: parent.verticalCenter
            text: root.names.length === 1 ? qsTr("1 header") : qsTr("%1 headers").arg(root.names.length)
            color: Theme.text2
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }

        TapHandler {
            onTapped: root.expanded = !root.expanded
        }

        FocusRing {
            shown: head.activeFocus
        }
    }

    Column {
        id: table

        anchors.top: head.bottom
        width: parent.width
        visible: root.expanded
        spacing: 3

        Repeater {
            model: root.expanded ? root.names.length : 0
            delegate: Item {
                id: header

                required property int index

                width: table.width
                height: Math.max(headerName.height, headerValue.height)
                Accessible.role: Accessible.StaticText
                Accessible.name: headerName.text + ": " + headerValue.text

                CodeText {
                    id: headerName

                    width: Math.min(150, header.width * 0.42)
                    text: root.names[header.index] ?? ""
                    color: Theme.accent
                    wrapMode: Text.WrapAnywhere
                    textFormat: Text.PlainText
                }

                SelectableText {
                    id: headerValue

                    anchors.left: headerName.right
                    anchors.leftMargin: 8
                    anchors.right: parent.right
                    text: root.values[header.index] ?? ""
                    color: Theme.text2
                    wrapMode: TextEdit.WrapAnywhere
                    font.family: Theme.mono
                    font.pixelSize: Theme.codeSize
                    font.preferShaping: false
                }
            }
        }
    }
}
