// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Luthien.Controls
import Luthien.Theme

// One policy of the chain, which opens its settings, and its switch.
FocusScope {
    id: root

    required property int index
    required property string policyId
    required property string name
    required property string type
    required property int mode
    required property bool fromFile
    required property string fileMode
    required property string version
    required property string hits
    required property string failure
    property bool current: false

    signal chosen
    signal modeChosen(int mode)
    signal backToFileWanted
    signal neighbourWanted(int step)

    /// Puts the keyboard on the card itself, not on its switch.
    function take(reason: int) {
        face.forceActiveFocus(reason);
    }

    implicitHeight: content.height + 2 * Theme.space3
    Accessible.role: Accessible.ListItem
    Accessible.name: qsTr("%1, %2").arg(root.name).arg([qsTr("off"), qsTr("shadow"), qsTr("enforced")][root.mode])
    Accessible.selected: root.current

    T.AbstractButton {
        id: face

        anchors.fill: parent
        objectName: "card." + root.policyId
        focus: true
        focusPolicy: Qt.StrongFocus
        Accessible.role: Accessible.Button
        Accessible.name: qsTr("Settings of %1").arg(root.name)
        onClicked: root.chosen()
        Keys.onReturnPressed: root.chosen()
        Keys.onEnterPressed: root.chosen()
        Keys.onPressed: event => {
            const step = event.key === Qt.Key_Down || event.key === Qt.Key_J ? 1 : event.key === Qt.Key_Up || event.key === Qt.Key_K ? -1 : 0;
            event.accepted = step !== 0;
            if (step !== 0)
                root.neighbourWanted(step);
        }

        background: Rectangle {
            radius: Theme.cardRadius
            color: root.current ? Theme.selected : pointer.hovered ? Theme.hover : Theme.raised
            border.color: root.current ? Theme.accent : Theme.line

            FocusRing {
                radius: Theme.cardRadius
                shown: face.visualFocus
            }
        }
    }

    HoverHandler {
        id: pointer
    }

    Column {
        id: content

        x: Theme.space3
        y: Theme.space3
        width: root.width - 2 * Theme.space3
        spacing: Theme.space2

        Item {
            width: parent.width
            height: 22

            PlainLabel {
                id: place

                anchors.verticalCenter: parent.verticalCenter
                text: String(root.index + 1)
                color: Theme.text3
                font.pixelSize: Theme.secondarySize
                textFormat: Text.PlainText
            }

            PlainLabel {
                anchors.left: place.right
                anchors.leftMargin: Theme.space2
                anchors.right: source.left
                anchors.rightMargin: Theme.space2
                anchors.verticalCenter: parent.verticalCenter
                text: root.name
                elide: Text.ElideRight
                font.weight: Font.DemiBold
                textFormat: Text.PlainText
            }

            Badge {
                id: source

                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                glyph: root.fromFile ? "file" : "database"
                label: root.fromFile ? qsTr("file") : qsTr("stored")
                tint: Theme.text2
                fill: root.current ? "transparent" : Theme.hover
            }
        }

        CodeText {
            width: parent.width
            text: (root.policyId === root.type ? root.type : root.policyId + " · " + root.type) + " · " + root.version
            color: Theme.text3
            elide: Text.ElideRight
            font.pixelSize: Theme.metaSize
            textFormat: Text.PlainText
        }

        ModeToggle {
            objectName: "mode." + root.policyId
            name: qsTr("Mode of %1").arg(root.name)
            current: root.mode
            onChosen: index => root.modeChosen(index)
        }

        PlainLabel {
            width: parent.width
            visible: root.hits !== ""
            text: root.hits
            color: Theme.text2
            elide: Text.ElideRight
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }

        PlainLabel {
            objectName: "failure." + root.policyId
            width: parent.width
            visible: root.failure !== ""
            text: root.failure
            color: Theme.failure
            wrapMode: Text.Wrap
            maximumLineCount: 4
            elide: Text.ElideRight
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }

        Row {
            visible: root.fileMode !== ""
            spacing: Theme.space2

            PlainLabel {
                anchors.verticalCenter: back.verticalCenter
                text: qsTr("Set here; the file says %1.").arg(root.fileMode)
                color: Theme.modify
                font.pixelSize: Theme.secondarySize
                textFormat: Text.PlainText
            }

            PushButton {
                id: back

                objectName: "backToFile." + root.policyId
                glyph: "undo"
                text: qsTr("Back to file")
                onClicked: root.backToFileWanted()
            }
        }
    }
}
