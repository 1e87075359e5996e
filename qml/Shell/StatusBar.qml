// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// Whether the proxy works, and what passes through it.
Rectangle {
    id: root

    required property ProxyStatus proxy
    required property PoliciesModel policies
    readonly property color troubleColor: root.proxy.stopped ? Theme.failure : Theme.modify

    implicitHeight: Theme.statusHeight
    color: Theme.rail
    Accessible.role: Accessible.StatusBar
    Accessible.name: qsTr("Status")

    Rule {
        width: parent.width
    }

    Row {
        id: proxyPart

        anchors.left: parent.left
        anchors.leftMargin: Theme.space4
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.space4

        Row {
            spacing: 6

            StatusDot {
                anchors.verticalCenter: parent.verticalCenter
                width: 7
                height: 7
                tint: root.proxy.problem === "" ? Theme.allow : root.troubleColor
            }

            CodeText {
                anchors.verticalCenter: parent.verticalCenter
                text: root.proxy.address
                font.pixelSize: Theme.metaSize
                textFormat: Text.PlainText
            }
        }

        PlainLabel {
            anchors.verticalCenter: parent.verticalCenter
            text: root.proxy.liveStreams === 1 ? qsTr("1 live stream") : qsTr("%1 live streams").arg(root.proxy.liveStreams)
            color: Theme.text2
            font.pixelSize: Theme.metaSize
            textFormat: Text.PlainText
        }

        PlainLabel {
            anchors.verticalCenter: parent.verticalCenter
            text: root.policies.summary
            color: Theme.text2
            font.pixelSize: Theme.metaSize
            textFormat: Text.PlainText
        }
    }

    PlainLabel {
        anchors.left: proxyPart.right
        anchors.right: storedPart.left
        anchors.leftMargin: Theme.space4
        anchors.rightMargin: Theme.space4
        anchors.verticalCenter: parent.verticalCenter
        visible: root.proxy.problem !== ""
        text: root.proxy.problem
        color: root.troubleColor
        elide: Text.ElideRight
        font.pixelSize: Theme.metaSize
        textFormat: Text.PlainText
        Accessible.role: Accessible.AlertMessage
        Accessible.name: root.proxy.problem

        HoverHandler {
            id: pointer
        }

        Hint {
            id: hint

            text: root.proxy.problem
            visible: pointer.hovered && text !== ""
            y: -hint.height - Theme.space2
        }
    }

    PlainLabel {
        id: storedPart

        anchors.right: parent.right
        anchors.rightMargin: Theme.space4
        anchors.verticalCenter: parent.verticalCenter
        text: root.proxy.storedText
        color: Theme.text2
        font.pixelSize: Theme.metaSize
        textFormat: Text.PlainText
    }
}
