// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// What to paste where, so that an agent's traffic comes through here.
FocusScope {
    id: root

    required property Agents agents
    required property Clipboard clipboard
    required property ProxyStatus proxy
    property bool waiting: false

    Rectangle {
        anchors.fill: parent
        color: Theme.canvas
    }

    Flickable {
        id: page

        readonly property int margin: Math.max(Theme.space5, (page.width - 760) / 2)

        anchors.fill: parent
        contentHeight: content.y + content.height + Theme.space5
        clip: true
        boundsBehavior: Flickable.StopAtBounds

        Column {
            id: content

            x: page.margin
            y: 40
            width: page.width - 2 * page.margin
            spacing: Theme.space3

            PlainLabel {
                id: heading

                text: qsTr("Point an agent at Luthien")
                font.pixelSize: 22
                font.weight: Font.DemiBold
                textFormat: Text.PlainText
                Accessible.role: Accessible.Heading
                Accessible.name: heading.text
            }

            PlainLabel {
                width: parent.width
                text: qsTr("The proxy listens on this machine only. Keys pass through to the provider and are never stored. Start an agent with one of these; its conversation appears here as it happens.")
                color: Theme.text2
                wrapMode: Text.Wrap
                lineHeight: Theme.messageLineHeight
                textFormat: Text.PlainText
            }

            Row {
                spacing: Theme.space2
                bottomPadding: Theme.space2

                StatusDot {
                    anchors.verticalCenter: address.verticalCenter
                    tint: root.proxy.problem === "" ? Theme.allow : Theme.failure
                }

                CodeText {
                    id: address

                    text: root.proxy.address
                    color: Theme.text
                    textFormat: Text.PlainText
                }

                PlainLabel {
                    anchors.verticalCenter: address.verticalCenter
                    text: root.proxy.problem !== "" ? root.proxy.problem : root.waiting ? qsTr("Waiting for the first call…") : qsTr("Listening")
                    color: root.proxy.problem === "" ? Theme.text3 : Theme.failure
                    font.pixelSize: Theme.secondarySize
                    textFormat: Text.PlainText
                }
            }

            Repeater {
                model: root.agents
                delegate: AgentCard {
                    id: card

                    width: content.width
                    onCopyRequested: root.clipboard.copy(card.snippet)
                }
            }
        }

        WheelScroll {
            onScrolled: pixels => {
                page.contentY = Math.max(0, Math.min(page.contentHeight - page.height, page.contentY + pixels));
            }
        }
    }

    IndexScrollBar {
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: parent.bottom
        position: page.contentHeight > 0 ? page.contentY / page.contentHeight : 0
        size: page.contentHeight > 0 ? page.height / page.contentHeight : 1
        onMoved: position => page.contentY = position * page.contentHeight
    }
}
