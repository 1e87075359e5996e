// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// What each key does, under the name of the place where it does it.
FocusScope {
    id: root

    required property CommandBook book

    signal done

    function begin() {
        keys.show(root.book);
        rows.positionViewAtBeginning();
        rows.forceActiveFocus(Qt.PopupFocusReason);
    }

    function scroll(pixels: real) {
        rows.contentY = Math.max(rows.originY, Math.min(rows.originY + rows.contentHeight - rows.height, rows.contentY + pixels));
    }

    implicitHeight: rows.y + rows.contentHeight + Theme.space4
    Accessible.role: Accessible.Dialog
    Accessible.name: title.text
    onVisibleChanged: {
        if (root.visible)
            root.begin();
    }

    KeyList {
        id: keys
    }

    PlainLabel {
        id: title

        x: Theme.space5
        y: Theme.space4
        height: Theme.button
        verticalAlignment: Text.AlignVCenter
        text: qsTr("Keyboard shortcuts")
        font.pixelSize: Theme.titleSize
        font.weight: Font.DemiBold
        textFormat: Text.PlainText
    }

    PushButton {
        anchors.right: parent.right
        anchors.rightMargin: Theme.space4
        anchors.verticalCenter: title.verticalCenter
        glyph: "cross"
        Accessible.name: qsTr("Close")
        onClicked: root.done()
    }

    ListView {
        id: rows

        objectName: "keyRows"
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: title.bottom
        anchors.bottom: parent.bottom
        anchors.topMargin: Theme.space2
        anchors.bottomMargin: Theme.space4
        focus: true
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        model: keys
        Accessible.role: Accessible.List
        Accessible.name: title.text
        delegate: Item {
            id: row

            required property string heading
            required property string keys
            required property string text
            readonly property int headingHeight: row.heading === "" ? 0 : 36

            width: rows.width
            height: 30 + row.headingHeight
            Accessible.role: Accessible.ListItem
            Accessible.name: row.keys + ": " + row.text

            PlainLabel {
                x: Theme.space5
                height: row.headingHeight - 6
                verticalAlignment: Text.AlignBottom
                visible: row.heading !== ""
                text: row.heading
                color: Theme.text3
                font.pixelSize: Theme.secondarySize
                font.weight: Font.DemiBold
                textFormat: Text.PlainText
            }

            PlainLabel {
                x: Theme.space5
                y: row.headingHeight + (30 - height) / 2
                width: parent.width - 2 * Theme.space5 - cap.width - Theme.space2
                elide: Text.ElideRight
                text: row.text
                textFormat: Text.PlainText
            }

            KeyCap {
                id: cap

                y: row.headingHeight + 5
                anchors.right: parent.right
                anchors.rightMargin: Theme.space5
                keys: row.keys
            }
        }
        Keys.onPressed: event => {
            event.accepted = true;
            if (event.key === Qt.Key_Down || event.key === Qt.Key_J)
                root.scroll(Theme.wheelStep);
            else if (event.key === Qt.Key_Up || event.key === Qt.Key_K)
                root.scroll(-Theme.wheelStep);
            else if (event.key === Qt.Key_PageDown || event.key === Qt.Key_Space)
                root.scroll(rows.height);
            else if (event.key === Qt.Key_PageUp)
                root.scroll(-rows.height);
            else if (event.text === "?")
                root.done();
            else
                event.accepted = false;
        }

        WheelScroll {
            onScrolled: pixels => root.scroll(pixels)
        }
    }

    IndexScrollBar {
        anchors.right: parent.right
        anchors.top: rows.top
        anchors.bottom: rows.bottom
        position: rows.contentHeight > 0 ? (rows.contentY - rows.originY) / rows.contentHeight : 0
        size: rows.contentHeight > 0 ? Math.min(1, rows.height / rows.contentHeight) : 1
        onMoved: position => rows.contentY = rows.originY + position * rows.contentHeight
    }
}
