// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// The request or the response: its head, and its body in one of its forms.
FocusScope {
    id: root

    required property CallSide side
    required property Clipboard clipboard
    required property string name

    onVisibleChanged: {
        if (root.visible)
            root.side.want();
    }
    Component.onCompleted: {
        if (root.visible)
            root.side.want();
    }

    Column {
        id: head

        x: 20
        y: Theme.space3
        width: parent.width - 40
        spacing: 8

        SelectableText {
            width: parent.width
            text: root.side.line
            wrapMode: TextEdit.WrapAnywhere
            font.family: Theme.mono
            font.pixelSize: Theme.codeSize
            font.preferShaping: false
        }

        HeaderList {
            width: parent.width
            visible: root.side.headerNames.length > 0
            names: root.side.headerNames
            values: root.side.headerValues
        }

        SegmentedChoice {
            objectName: "bodyForm"
            visible: root.side.choices.length > 1
            width: Math.min(parent.width, implicitWidth)
            words: root.side.choices
            current: root.side.choice
            name: qsTr("What is shown")
            onChosen: index => root.side.choose(index)
        }
    }

    JsonTree {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: head.bottom
        anchors.topMargin: 6
        anchors.bottom: parent.bottom
        focus: true
        visible: !root.side.comparing && root.side.notice === ""
        tree: root.side.tree
        clipboard: root.clipboard
        name: root.name
    }

    ListView {
        id: differences

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: head.bottom
        anchors.topMargin: 8
        anchors.bottom: parent.bottom
        visible: root.side.comparing && root.side.notice === ""
        activeFocusOnTab: true
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        model: root.side.differences
        delegate: DifferenceLine {
            width: differences.width
        }
        Accessible.role: Accessible.List
        Accessible.name: qsTr("What differs")

        WheelScroll {
            onScrolled: pixels => differences.contentY = Math.max(0, Math.min(differences.contentHeight - differences.height, differences.contentY + pixels))
        }
    }

    PlainLabel {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: head.bottom
        anchors.margins: 20
        visible: text !== ""
        text: root.side.loading ? qsTr("Reading…") : root.side.notice
        color: Theme.text3
        wrapMode: Text.Wrap
        textFormat: Text.PlainText
    }
}
