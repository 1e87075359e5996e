// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// Whether the proxy works, and what passes through it. The address opens the proxy's switch.
Rectangle {
    id: root

    required property ProxyStatus proxy
    required property PoliciesModel policies
    /// In words, where agents would wait; the first of those that hold.
    readonly property string problem: root.proxy.switchProblem !== "" ? root.proxy.switchProblem : root.proxy.problem
    readonly property color troubleColor: root.proxy.stopped || root.proxy.switchProblem !== "" ? Theme.failure : Theme.modify

    signal proxyWanted

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
        anchors.leftMargin: Theme.space2
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.space3

        StatusButton {
            objectName: "proxyButton"
            text: root.proxy.paused ? qsTr("%1, paused").arg(root.proxy.address) : root.proxy.address
            code: true
            glyph: root.proxy.paused ? "pause" : ""
            tint: root.proxy.paused ? Theme.modify : root.problem !== "" ? root.troubleColor : Theme.allow
            Accessible.name: root.proxy.paused ? qsTr("The proxy at %1 is paused").arg(root.proxy.address) : qsTr("The proxy listens at %1").arg(root.proxy.address)
            onClicked: root.proxyWanted()
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
        anchors.right: figures.left
        anchors.leftMargin: Theme.space4
        anchors.rightMargin: Theme.space4
        anchors.verticalCenter: parent.verticalCenter
        visible: root.problem !== ""
        text: root.problem
        color: root.troubleColor
        elide: Text.ElideRight
        font.pixelSize: Theme.metaSize
        font.weight: Font.Medium
        textFormat: Text.PlainText
        Accessible.role: Accessible.AlertMessage
        Accessible.name: root.problem

        HoverHandler {
            id: pointer
        }

        Hint {
            id: hint

            text: root.problem
            visible: pointer.hovered && text !== ""
            y: -hint.height - Theme.space2
        }
    }

    Row {
        id: figures

        anchors.right: parent.right
        anchors.rightMargin: Theme.space4
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.space4

        // What is wrong needs the room more than what is usual.
        PlainLabel {
            visible: text !== "" && root.problem === "" && root.width >= 900
            text: root.proxy.delayText
            color: Theme.text2
            font.pixelSize: Theme.metaSize
            textFormat: Text.PlainText
        }

        PlainLabel {
            visible: root.problem === "" && root.width >= 760
            text: root.proxy.paceText
            color: Theme.text2
            font.pixelSize: Theme.metaSize
            textFormat: Text.PlainText
        }

        PlainLabel {
            text: root.proxy.storedText
            color: Theme.text2
            font.pixelSize: Theme.metaSize
            textFormat: Text.PlainText
        }
    }
}
