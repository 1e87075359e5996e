// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// A recorded call as it came: it plays, stands still, goes slower or faster, and to any place.
FocusScope {
    id: root

    required property Replay replay
    /// What shows the conversation that plays.
    default property alias stage: stage.data

    signal closed

    function toggle() {
        if (root.replay.playing)
            root.replay.pause();
        else
            root.replay.play();
    }

    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Replay")
    Keys.onEscapePressed: root.closed()
    Keys.onPressed: event => {
        event.accepted = true;
        if (event.key === Qt.Key_Space)
            root.toggle();
        else if (event.key === Qt.Key_Left)
            root.replay.seek(root.replay.share - 0.05);
        else if (event.key === Qt.Key_Right)
            root.replay.seek(root.replay.share + 0.05);
        else if (event.key === Qt.Key_Plus || event.key === Qt.Key_Greater)
            root.replay.speed = root.replay.speed + 1;
        else if (event.key === Qt.Key_Minus || event.key === Qt.Key_Less)
            root.replay.speed = root.replay.speed - 1;
        else
            event.accepted = false;
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.canvas
    }

    // What lies below is not reached through it.
    MouseArea {
        anchors.fill: parent
    }

    Item {
        id: header

        width: parent.width
        height: Theme.paneHeader

        PlainLabel {
            id: title

            x: Theme.space5
            y: 12
            width: done.x - title.x - Theme.space4
            text: root.replay.title === "" ? qsTr("Replay") : qsTr("Replay of %1").arg(root.replay.title)
            elide: Text.ElideRight
            maximumLineCount: 1
            font.pixelSize: Theme.titleSize
            font.weight: Font.DemiBold
            textFormat: Text.PlainText
            Accessible.role: Accessible.Heading
            Accessible.name: title.text
        }

        PlainLabel {
            x: Theme.space5
            y: 36
            text: qsTr("The record, in its own time. Nothing is sent.")
            color: Theme.text2
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }

        PushButton {
            id: done

            objectName: "closeReplay"
            anchors.right: parent.right
            anchors.rightMargin: Theme.space4
            anchors.verticalCenter: parent.verticalCenter
            glyph: "cross"
            text: qsTr("Close")
            onClicked: root.closed()
        }

        Rule {
            anchors.left: parent.left
            anchors.right: parent.right
            anchors.bottom: parent.bottom
        }
    }

    Item {
        id: stage

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: header.bottom
        anchors.bottom: bar.top
        visible: root.replay.loaded
    }

    PlainLabel {
        anchors.centerIn: parent
        width: parent.width - 2 * Theme.space5
        visible: text !== ""
        text: root.replay.problem !== "" ? root.replay.problem : root.replay.loaded ? "" : qsTr("Reading…")
        color: Theme.text3
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
        textFormat: Text.PlainText
    }

    Rectangle {
        id: bar

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        height: narrow ? 92 : 56
        color: Theme.panel

        readonly property bool narrow: bar.width < 720

        Rule {
            width: parent.width
        }

        PushButton {
            id: playButton

            objectName: "playReplay"
            x: Theme.space4
            y: 14
            focus: true
            enabled: root.replay.loaded
            primary: true
            glyph: root.replay.playing ? "pause" : "play"
            text: root.replay.playing ? qsTr("Pause") : qsTr("Play")
            onClicked: root.toggle()
        }

        T.Slider {
            id: place

            objectName: "replayPlace"
            anchors.left: playButton.right
            anchors.leftMargin: Theme.space4
            anchors.right: time.left
            anchors.rightMargin: Theme.space3
            y: 16
            height: 24
            enabled: root.replay.loaded
            value: root.replay.share
            focusPolicy: Qt.StrongFocus
            Accessible.role: Accessible.Slider
            Accessible.name: qsTr("Place in the call")
            onMoved: root.replay.seek(place.value)

            background: Rectangle {
                y: 10
                width: place.width
                height: 4
                radius: 2
                color: Theme.lineStrong

                Rectangle {
                    width: place.visualPosition * parent.width
                    height: parent.height
                    radius: 2
                    color: Theme.accent
                }
            }
            handle: Rectangle {
                x: place.visualPosition * (place.width - width)
                y: 4
                width: 16
                height: 16
                radius: 8
                color: Theme.raised
                border.color: Theme.accent
                border.width: 2

                FocusRing {
                    anchors.margins: -3
                    radius: 11
                    shown: place.visualFocus
                }
            }
        }

        CodeText {
            id: time

            anchors.right: bar.narrow ? parent.right : speeds.left
            anchors.rightMargin: Theme.space4
            y: 20
            text: root.replay.timeText + " / " + root.replay.lengthText
            textFormat: Text.PlainText
        }

        SegmentedChoice {
            id: speeds

            objectName: "replaySpeed"
            anchors.right: parent.right
            anchors.rightMargin: Theme.space4
            y: bar.narrow ? 50 : 12
            words: root.replay.speeds
            current: root.replay.speed
            name: qsTr("Speed")
            onChosen: index => root.replay.speed = index
        }
    }
}
