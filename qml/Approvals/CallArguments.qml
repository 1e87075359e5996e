// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// All arguments of the call that is asked about: to be read, or as the model wrote them. How long they are is said
// above, what in them deceives the eye below it.
Column {
    id: root

    required property AskedCall call
    /// How much of it is on screen at a time; 0 = all.
    property real pageHeight: 0
    property bool asWritten: false
    readonly property int screens: root.pageHeight > 0 ? Math.ceil(words.height / root.pageHeight) : 1
    readonly property alias words: words

    spacing: Theme.space2

    Item {
        width: root.width
        height: views.height

        PlainLabel {
            objectName: "argumentsLength"
            anchors.left: parent.left
            anchors.right: views.left
            anchors.rightMargin: Theme.space2
            anchors.verticalCenter: parent.verticalCenter
            text: root.screens > 1 ? qsTr("Arguments: %1, %2 screens").arg(root.call.length).arg(root.screens) : qsTr("Arguments: %1").arg(root.call.length)
            color: root.screens > 1 ? Theme.modify : Theme.text2
            elide: Text.ElideRight
            font.pixelSize: Theme.secondarySize
            font.weight: Font.Medium
            textFormat: Text.PlainText
        }

        SegmentedChoice {
            id: views

            objectName: "argumentsView"
            anchors.right: parent.right
            name: qsTr("Arguments")
            words: [qsTr("Readable"), qsTr("As written")]
            current: root.asWritten ? 1 : 0
            onChosen: index => root.asWritten = index === 1
        }
    }

    CallWarnings {
        width: root.width
        warnings: root.call.warnings
    }

    Rectangle {
        width: root.width
        height: words.height + 2 * Theme.space2
        radius: Theme.controlRadius
        color: Theme.canvas
        border.color: Theme.lineStrong

        SelectableText {
            id: words

            objectName: "approvalWords"
            x: 10
            y: Theme.space2
            width: root.width - 20
            text: root.asWritten ? root.call.written : root.call.arguments
            marks: root.asWritten ? root.call.writtenMarks : root.call.argumentMarks
            markColor: Theme.modify
            markFill: Theme.modifySoft
            wrapMode: TextEdit.WrapAnywhere
            font.family: Theme.mono
            font.pixelSize: Theme.codeSize
            font.preferShaping: false
            Accessible.ignored: false
            Accessible.role: Accessible.StaticText
            Accessible.name: qsTr("Arguments: %1").arg(words.text)
        }
    }

    Connections {
        target: root.call

        function onChanged() {
            root.asWritten = false;
        }
    }
}
