// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// How much was found, what cannot be found yet, and in which order it comes.
Item {
    id: root

    required property SearchModel search

    implicitHeight: Theme.button + 4

    PlainLabel {
        id: summary

        anchors.verticalCenter: parent.verticalCenter
        text: root.search.summary
        color: Theme.text2
        font.pixelSize: Theme.secondarySize
        textFormat: Text.PlainText
        Accessible.role: Accessible.StatusBar
        Accessible.name: summary.text
    }

    PushButton {
        id: stop

        anchors.left: summary.right
        anchors.leftMargin: Theme.space2
        anchors.verticalCenter: parent.verticalCenter
        visible: root.search.searching
        quiet: true
        glyph: "stop"
        text: qsTr("Stop")
        onClicked: root.search.cancel()
    }

    PlainLabel {
        anchors.left: stop.right
        anchors.leftMargin: Theme.space3
        anchors.right: order.left
        anchors.rightMargin: Theme.space3
        anchors.verticalCenter: parent.verticalCenter
        horizontalAlignment: Text.AlignRight
        text: root.search.unindexed
        color: Theme.modify
        elide: Text.ElideRight
        font.pixelSize: Theme.secondarySize
        textFormat: Text.PlainText
    }

    SegmentedChoice {
        id: order

        anchors.right: parent.right
        anchors.verticalCenter: parent.verticalCenter
        name: qsTr("Order")
        words: [qsTr("Newest"), qsTr("Best")]
        current: root.search.bestFirst ? 1 : 0
        onChosen: index => root.search.bestFirst = index === 1
    }
}
