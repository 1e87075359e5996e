// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Theme

// The headings of the settings; the arrows move among them.
FocusScope {
    id: root

    required property list<string> headings
    required property list<string> glyphs
    required property int current

    signal chosen(int index)

    Rectangle {
        anchors.fill: parent
        color: Theme.panel
    }

    PlainLabel {
        id: title

        x: 20
        height: Theme.paneHeader - Theme.space3
        verticalAlignment: Text.AlignVCenter
        text: qsTr("Settings")
        font.pixelSize: Theme.titleSize
        font.weight: Font.DemiBold
        textFormat: Text.PlainText
        Accessible.role: Accessible.Heading
        Accessible.name: title.text
    }

    FocusScope {
        id: list

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: title.bottom
        anchors.margins: Theme.space2
        height: rows.height
        focus: true
        activeFocusOnTab: true
        Accessible.role: Accessible.List
        Accessible.name: title.text
        Keys.onUpPressed: root.chosen(Math.max(0, root.current - 1))
        Keys.onDownPressed: root.chosen(Math.min(root.headings.length - 1, root.current + 1))

        Column {
            id: rows

            width: parent.width

            Repeater {
                model: root.headings
                delegate: Rectangle {
                    id: row

                    required property int index
                    required property string modelData

                    width: rows.width
                    height: 32
                    radius: Theme.controlRadius
                    color: row.index === root.current ? Theme.selected : pointer.hovered ? Theme.hover : "transparent"
                    Accessible.role: Accessible.ListItem
                    Accessible.name: row.modelData
                    Accessible.selected: row.index === root.current
                    Accessible.onPressAction: root.chosen(row.index)

                    Glyph {
                        id: glyph

                        x: Theme.space3
                        anchors.verticalCenter: parent.verticalCenter
                        name: root.glyphs[row.index]
                        tint: row.index === root.current ? Theme.accent : Theme.text2
                    }

                    PlainLabel {
                        anchors.left: glyph.right
                        anchors.leftMargin: Theme.space2
                        anchors.verticalCenter: parent.verticalCenter
                        text: row.modelData
                        font.weight: row.index === root.current ? Font.DemiBold : Font.Normal
                        textFormat: Text.PlainText
                    }

                    FocusRing {
                        shown: list.activeFocus && row.index === root.current
                    }

                    HoverHandler {
                        id: pointer
                    }

                    TapHandler {
                        onTapped: {
                            root.chosen(row.index);
                            list.forceActiveFocus(Qt.MouseFocusReason);
                        }
                    }
                }
            }
        }
    }
}
