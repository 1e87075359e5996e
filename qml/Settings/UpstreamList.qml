// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// Where calls are sent; lists are made in the configuration file.
Column {
    id: root

    required property UpstreamsModel upstreams

    spacing: Theme.space2

    Repeater {
        model: root.upstreams
        delegate: Rectangle {
            id: upstream

            required property string name
            required property string address
            required property string api
            required property string credential

            width: root.width
            height: 56
            radius: Theme.cardRadius
            color: Theme.raised
            border.color: Theme.line
            Accessible.role: Accessible.ListItem
            Accessible.name: upstream.name + ", " + upstream.address + ", " + upstream.api + ", " + upstream.credential

            PlainLabel {
                id: label

                x: Theme.space4
                y: 9
                text: upstream.name
                font.weight: Font.DemiBold
                textFormat: Text.PlainText
            }

            CodeText {
                anchors.left: label.left
                anchors.right: credential.left
                anchors.rightMargin: Theme.space3
                anchors.top: label.bottom
                anchors.topMargin: 3
                text: upstream.address
                elide: Text.ElideRight
                textFormat: Text.PlainText
            }

            PlainLabel {
                anchors.left: label.right
                anchors.leftMargin: Theme.space2
                anchors.baseline: label.baseline
                text: upstream.api
                color: Theme.text3
                font.pixelSize: Theme.secondarySize
                textFormat: Text.PlainText
            }

            Badge {
                id: credential

                anchors.right: parent.right
                anchors.rightMargin: Theme.space4
                anchors.verticalCenter: parent.verticalCenter
                label: upstream.credential
            }
        }
    }

    PlainLabel {
        width: root.width
        text: qsTr("Upstreams are made in the configuration file. passthrough: the agent's own key goes to the provider and is kept nowhere.")
        color: Theme.text3
        font.pixelSize: Theme.secondarySize
        wrapMode: Text.Wrap
        textFormat: Text.PlainText
    }
}
