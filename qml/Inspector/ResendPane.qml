// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// A recorded request, sent again under the policies in force or with a draft among them: the new reply beside the old
// one.
FocusScope {
    id: root

    required property Resend resend
    required property Clipboard clipboard
    property bool comparing: false
    readonly property bool isDone: root.resend.after !== ""

    signal closed
    signal sessionWanted(string sessionId)

    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Send again")
    Keys.onEscapePressed: root.closed()

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
            text: root.resend.title === "" ? qsTr("Send again") : qsTr("Send again to %1").arg(root.resend.title)
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
            width: done.x - x - Theme.space4
            text: qsTr("The recorded request, through the proxy and its policies.")
            elide: Text.ElideRight
            color: Theme.text2
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }

        PushButton {
            id: done

            objectName: "closeResend"
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

    ResendForm {
        id: form

        objectName: "resendForm"
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: header.bottom
        anchors.margins: Theme.space5
        anchors.topMargin: Theme.space4
        focus: true
        resend: root.resend
    }

    Item {
        id: bar

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: form.bottom
        anchors.topMargin: Theme.space3
        height: root.isDone ? 44 : 0
        visible: root.isDone

        SegmentedChoice {
            x: Theme.space5
            anchors.verticalCenter: parent.verticalCenter
            words: [qsTr("Side by side"), qsTr("What differs")]
            current: root.comparing ? 1 : 0
            name: qsTr("Shown as")
            onChosen: index => root.comparing = index === 1
        }

        PushButton {
            objectName: "openResent"
            anchors.right: parent.right
            anchors.rightMargin: Theme.space5
            anchors.verticalCenter: parent.verticalCenter
            text: qsTr("Open the new call")
            onClicked: root.sessionWanted(root.resend.newSessionId)
        }
    }

    Row {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: bar.bottom
        anchors.bottom: parent.bottom
        visible: !root.comparing || !root.isDone

        Repeater {
            model: [qsTr("Original"), qsTr("New")]
            delegate: ResendReply {
                id: half

                objectName: "resendReply." + half.index

                required property int index
                required property string modelData

                readonly property bool isNew: half.index === 1

                width: root.width / 2
                height: parent ? parent.height : 0
                title: half.isNew && root.resend.trial !== "" ? qsTr("New, under the %1").arg(root.resend.trial) : half.modelData
                outcome: half.isNew ? root.resend.running ? qsTr("Waiting for the reply…") : root.resend.after : root.resend.before
                tree: half.isNew ? root.resend.newReply : root.resend.oldReply
                clipboard: root.clipboard
                edged: half.isNew
            }
        }
    }

    ListView {
        id: differences

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: bar.bottom
        anchors.bottom: parent.bottom
        visible: root.comparing && root.isDone
        activeFocusOnTab: true
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        model: root.resend.differences
        delegate: DifferenceLine {
            width: differences.width
        }
        Accessible.role: Accessible.List
        Accessible.name: qsTr("What differs")

        WheelScroll {
            onScrolled: pixels => differences.contentY = Math.max(0, Math.min(differences.contentHeight - differences.height, differences.contentY + pixels))
        }

        PlainLabel {
            anchors.centerIn: parent
            visible: differences.count === 0
            text: qsTr("The two replies are the same.")
            color: Theme.text3
            textFormat: Text.PlainText
        }
    }
}
