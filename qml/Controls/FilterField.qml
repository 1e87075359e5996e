// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Luthien.Desktop
import Luthien.Theme

// A line in which a filter is typed. What may come next is offered below; what is wrong is underlined and said.
FocusScope {
    id: root

    required property FilterInput input
    property string placeholderText: qsTr("Filter")
    property string name: qsTr("Filter")
    property string keyHint: ""
    readonly property bool offering: offers.visible

    /// Down, where nothing is offered: on to what the filter is of.
    signal leftDown

    function take(index: int) {
        const cursor = root.input.accept(index);
        edit.cursorPosition = cursor;
        root.input.complete(cursor);
    }

    function clear() {
        root.input.dismiss();
        edit.clear();
        root.input.text = "";
        root.input.apply();
    }

    implicitHeight: 32 + (said.visible ? said.implicitHeight + Theme.space1 : 0)

    LineField {
        id: edit

        width: parent.width
        height: 32
        focus: true
        leftPadding: 32
        rightPadding: 30
        text: root.input.text
        wrong: root.input.error !== "" && !root.offering
        placeholderText: root.placeholderText
        Accessible.name: root.name
        Accessible.description: root.input.error !== "" ? root.input.error : root.input.meaning
        onTextEdited: {
            root.input.text = edit.text;
            if (edit.text === "")
                root.input.dismiss();
            else
                root.input.complete(edit.cursorPosition);
        }
        onActiveFocusChanged: {
            if (!edit.activeFocus)
                root.input.dismiss();
        }
        Keys.onDownPressed: {
            if (root.offering)
                list.currentIndex = Math.min(list.count - 1, list.currentIndex + 1);
            else if (edit.text === "")
                root.input.complete(0);
            else
                root.leftDown();
        }
        Keys.onUpPressed: {
            if (root.offering)
                list.currentIndex = Math.max(-1, list.currentIndex - 1);
        }
        Keys.onTabPressed: event => {
            event.accepted = root.offering;
            if (root.offering)
                root.take(Math.max(0, list.currentIndex));
        }
        Keys.onReturnPressed: {
            if (root.offering && list.currentIndex >= 0) {
                root.take(list.currentIndex);
            } else {
                root.input.dismiss();
                root.input.apply();
            }
        }
        Keys.onEscapePressed: event => {
            if (root.offering)
                root.input.dismiss();
            else if (edit.text !== "")
                root.clear();
            else
                event.accepted = false;
        }

        Connections {
            target: root.input

            function onTextChanged() {
                if (edit.text !== root.input.text)
                    edit.text = root.input.text;
            }
        }

        Glyph {
            x: 10
            anchors.verticalCenter: parent.verticalCenter
            name: "filter"
            size: 14
            tint: Theme.text3
        }

        Rectangle {
            id: underline

            readonly property rect begin: edit.positionToRectangle(Math.min(root.input.errorStart, edit.length))
            readonly property rect end: edit.positionToRectangle(Math.min(root.input.errorStart + root.input.errorLength, edit.length))

            // The rectangles count from where the text begins.
            x: edit.leftPadding + Math.max(0, underline.begin.x)
            y: edit.height - 8
            width: Math.min(edit.width - edit.rightPadding - underline.x, Math.max(6, underline.end.x - underline.begin.x))
            height: 2
            visible: root.input.error !== "" && !root.offering
            color: Theme.failure
            Accessible.ignored: true
        }

        PushButton {
            anchors.right: parent.right
            anchors.rightMargin: 3
            anchors.verticalCenter: parent.verticalCenter
            width: 24
            height: 24
            visible: edit.text !== ""
            quiet: true
            glyph: "cross"
            Accessible.name: qsTr("Clear the filter")
            onClicked: {
                root.clear();
                edit.forceActiveFocus(Qt.OtherFocusReason);
            }
        }

        Rectangle {
            anchors.right: parent.right
            anchors.rightMargin: 7
            anchors.verticalCenter: parent.verticalCenter
            width: hint.implicitWidth + 10
            height: 20
            radius: Theme.chipRadius
            color: Theme.inset
            border.color: Theme.line
            visible: edit.text === "" && root.keyHint !== ""

            PlainLabel {
                id: hint

                anchors.centerIn: parent
                text: root.keyHint
                color: Theme.text3
                font.pixelSize: Theme.metaSize
                textFormat: Text.PlainText
            }
        }
    }

    PlainLabel {
        id: said

        anchors.top: edit.bottom
        anchors.topMargin: Theme.space1
        width: parent.width
        // What is not finished yet is not wrong: offers come first.
        visible: said.text !== "" && !root.offering
        text: root.input.error !== "" ? root.input.error : root.input.meaning
        color: root.input.error !== "" ? Theme.failure : Theme.text3
        font.pixelSize: Theme.metaSize
        wrapMode: Text.Wrap
        maximumLineCount: 3
        elide: Text.ElideRight
        textFormat: Text.PlainText
    }

    T.Popup {
        id: offers

        y: 34
        width: Math.max(root.width, 440)
        height: Math.min(list.contentHeight, 10 * 28) + 2 * Theme.space1
        padding: Theme.space1
        focus: false
        closePolicy: T.Popup.NoAutoClose
        visible: edit.activeFocus && root.input.candidates.length > 0
        onVisibleChanged: list.currentIndex = -1

        background: Rectangle {
            radius: Theme.cardRadius
            color: Theme.raised
            border.color: Theme.lineStrong
        }

        ListView {
            id: list

            anchors.fill: parent
            clip: true
            model: root.input.candidates
            currentIndex: -1
            boundsBehavior: Flickable.StopAtBounds
            highlightMoveDuration: 0
            Accessible.role: Accessible.List
            Accessible.name: qsTr("What may come next")
            delegate: FilterOffer {
                id: offer

                required property int index
                required property string modelData

                width: list.width
                text: offer.modelData
                help: root.input.helps[offer.index] ?? ""
                current: offer.index === list.currentIndex
                onChosen: root.take(offer.index)
            }
        }
    }
}
