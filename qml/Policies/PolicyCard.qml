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
    required property string latency
    required property string lastHit
    required property string lastCall
    required property string lastSession
    property bool current: false
    /// A card that is carried would come to stand here.
    property bool awaits: false

    signal chosen
    signal modeChosen(int mode)
    signal backToFileWanted
    signal neighbourWanted(int step)
    /// So many rows down from where it is.
    signal moveWanted(int step)
    signal callWanted(string sessionId, string callId)
    /// While the card is carried: how far down, in pixels; then where it was let go.
    signal carried(real distance)
    signal dropped(real distance)

    /// Puts the keyboard on the card itself, not on its switch.
    function take(reason: int) {
        face.forceActiveFocus(reason);
    }

    implicitHeight: content.height + 2 * Theme.space3
    z: grip.carrying ? 1 : 0
    transform: Translate {
        y: grip.carrying ? grip.distance : 0
    }
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
        Accessible.description: root.hits + "\n" + root.latency + "\n" + root.failure
        onClicked: root.chosen()
        Keys.onReturnPressed: root.chosen()
        Keys.onEnterPressed: root.chosen()
        Keys.onPressed: event => {
            if (event.modifiers & Qt.AltModifier) {
                event.accepted = event.key === Qt.Key_Up || event.key === Qt.Key_Down;
                if (event.accepted)
                    root.moveWanted(event.key === Qt.Key_Down ? 1 : -1);
                return;
            }
            const step = event.key === Qt.Key_Down || event.key === Qt.Key_J ? 1 : event.key === Qt.Key_Up || event.key === Qt.Key_K ? -1 : 0;
            event.accepted = step !== 0;
            if (step !== 0)
                root.neighbourWanted(step);
        }

        background: Rectangle {
            radius: Theme.cardRadius
            color: root.current ? Theme.selected : pointer.hovered ? Theme.hover : Theme.raised
            border.color: root.current || root.awaits ? Theme.accent : Theme.line
            border.width: root.awaits ? 2 : 1

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

            CarryGrip {
                id: grip

                objectName: "grip." + root.policyId
                x: -Theme.space2
                anchors.verticalCenter: parent.verticalCenter
                visible: !root.fromFile
                onCarried: distance => root.carried(distance)
                onDropped: distance => root.dropped(distance)
            }

            PlainLabel {
                id: place

                x: grip.visible ? grip.width - Theme.space1 : 0
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

        Item {
            width: parent.width
            height: hit.visible ? hit.height : hits.height
            visible: root.hits !== ""

            PlainLabel {
                id: hits

                anchors.verticalCenter: parent.verticalCenter
                width: parent.width - (hit.visible ? hit.width + Theme.space2 : 0)
                text: root.hits
                color: Theme.text2
                elide: Text.ElideRight
                font.pixelSize: Theme.secondarySize
                textFormat: Text.PlainText
            }

            PushButton {
                id: hit

                objectName: "lastHit." + root.policyId
                anchors.right: parent.right
                height: 24
                visible: root.lastSession !== ""
                glyph: "sessions"
                text: qsTr("Last %1").arg(root.lastHit)
                Accessible.name: qsTr("Show where %1 stepped in last, at %2").arg(root.name).arg(root.lastHit)
                onClicked: root.callWanted(root.lastSession, root.lastCall)
            }
        }

        PlainLabel {
            objectName: "latency." + root.policyId
            width: parent.width
            visible: root.latency !== ""
            text: root.latency
            color: Theme.text3
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
