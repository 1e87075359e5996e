// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// The agents of a session as a tree; choosing one leaves only what it does.
FocusScope {
    id: root

    required property ConversationModel conversation

    readonly property int rowHeight: 32

    function choose(agent: string) {
        if (root.conversation.onlyOneAgent && root.conversation.shownAgent === agent)
            root.conversation.showAllAgents();
        else
            root.conversation.showAgent(agent);
    }

    implicitHeight: Math.min(5.5 * root.rowHeight, list.contentHeight) + 9
    Accessible.role: Accessible.Tree
    Accessible.name: qsTr("Agents of this session")

    Rectangle {
        anchors.fill: parent
        color: Theme.panel
    }

    ListView {
        id: list

        anchors.fill: parent
        anchors.topMargin: 4
        anchors.bottomMargin: 5
        clip: true
        focus: true
        activeFocusOnTab: true
        interactive: false
        model: root.conversation.agents
        keyNavigationEnabled: true
        delegate: Item {
            id: line

            required property int index
            required property string agent
            required property string title
            required property string detail
            required property int depth
            required property bool expandable
            required property bool expanded
            required property bool live

            readonly property bool isShown: root.conversation.onlyOneAgent && root.conversation.shownAgent === line.agent

            width: list.width
            height: root.rowHeight
            Accessible.role: Accessible.TreeItem
            Accessible.name: line.title + ", " + line.detail
            Accessible.selected: line.isShown
            Accessible.onPressAction: root.choose(line.agent)
            Keys.onReturnPressed: root.choose(line.agent)
            Keys.onEnterPressed: root.choose(line.agent)
            Keys.onSpacePressed: root.choose(line.agent)
            Keys.onLeftPressed: if (line.expandable && line.expanded)
                root.conversation.agents.toggle(line.index)
            Keys.onRightPressed: if (line.expandable && !line.expanded)
                root.conversation.agents.toggle(line.index)

            Rectangle {
                anchors.fill: parent
                anchors.leftMargin: Theme.space4
                anchors.rightMargin: Theme.space4
                radius: Theme.controlRadius
                color: line.isShown ? Theme.selected : pointer.hovered ? Theme.hover : "transparent"

                FocusRing {
                    shown: line.ListView.isCurrentItem && list.activeFocus
                }
            }

            HoverHandler {
                id: pointer

                cursorShape: Qt.PointingHandCursor
            }

            TapHandler {
                onTapped: root.choose(line.agent)
            }

            Glyph {
                id: fold

                x: Theme.space5 + 16 * line.depth
                anchors.verticalCenter: parent.verticalCenter
                name: line.expanded ? "chevron-down" : "chevron-right"
                size: 12
                tint: Theme.text3
                opacity: line.expandable ? 1 : 0

                TapHandler {
                    enabled: line.expandable
                    gesturePolicy: TapHandler.ReleaseWithinBounds
                    onTapped: root.conversation.agents.toggle(line.index)
                }
            }

            StatusDot {
                id: dot

                anchors.left: fold.right
                anchors.leftMargin: 6
                anchors.verticalCenter: parent.verticalCenter
                filled: line.live
            }

            PlainLabel {
                anchors.left: dot.right
                anchors.leftMargin: Theme.space2
                anchors.right: figures.left
                anchors.rightMargin: Theme.space3
                anchors.verticalCenter: parent.verticalCenter
                text: line.title
                elide: Text.ElideRight
                maximumLineCount: 1
                font.weight: line.isShown ? Font.DemiBold : Font.Normal
                textFormat: Text.PlainText
            }

            PlainLabel {
                id: figures

                anchors.right: parent.right
                anchors.rightMargin: Theme.space5
                anchors.verticalCenter: parent.verticalCenter
                text: line.detail
                color: Theme.text3
                font.pixelSize: Theme.metaSize
                textFormat: Text.PlainText
            }
        }

        WheelScroll {
            onScrolled: pixels => list.contentY = Math.max(0, Math.min(list.contentHeight - list.height, list.contentY + pixels))
        }
    }

    Rule {
        anchors.bottom: parent.bottom
        width: parent.width
    }
}
