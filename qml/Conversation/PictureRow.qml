// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// An image of the record, drawn from its own bytes.
RowItem {
    id: root

    required property string title
    required property bool last
    required property var picture

    readonly property real room: root.width - 56 - Theme.space5 - 2 * Theme.space3
    readonly property real scaleDown: image.implicitWidth > 0 ? Math.min(1, root.room / image.implicitWidth) : 1

    implicitHeight: Math.ceil(box.height + Theme.space3 + (root.last ? 4 : 0))
    Accessible.role: Accessible.Graphic
    Accessible.name: image.failed ? note.text : qsTr("Image, %1 × %2").arg(image.pixels.width).arg(image.pixels.height)

    CardSlice {
        anchors.fill: parent
        anchors.leftMargin: 56
        anchors.rightMargin: Theme.space5
        anchors.bottomMargin: root.last ? 4 : 0
        first: false
        last: root.last
    }

    Item {
        id: box

        x: 56 + Theme.space3
        width: root.room
        height: image.pixels.height > 0 ? image.height : 44

        RecordedPicture {
            id: image

            width: image.implicitWidth * root.scaleDown
            height: image.implicitHeight * root.scaleDown
            recorded: root.picture
            widest: 1200
        }

        PlainLabel {
            id: note

            anchors.verticalCenter: parent.verticalCenter
            visible: image.loading || image.failed
            text: image.loading ? qsTr("Decoding…") : qsTr("This is not an image that can be shown: PNG, JPEG, GIF or WebP up to 32 megapixels")
            color: Theme.text3
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }
    }
}
