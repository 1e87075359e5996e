// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// Whether agents can connect, the switch for it, and what each of them needs to be told.
FocusScope {
    id: root

    required property ProxyStatus proxy
    required property Agents agents
    required property Clipboard clipboard
    property string copied: ""

    implicitHeight: content.height + 2 * Theme.space4
    Accessible.role: Accessible.Dialog
    Accessible.name: qsTr("Proxy")
    onVisibleChanged: {
        root.copied = "";
        if (root.visible)
            change.forceActiveFocus(Qt.PopupFocusReason);
    }

    Column {
        id: content

        x: Theme.space4
        y: Theme.space4
        width: root.width - 2 * Theme.space4
        spacing: Theme.space3

        Item {
            width: parent.width
            height: change.height

            StatusDot {
                id: dot

                anchors.verticalCenter: parent.verticalCenter
                tint: root.proxy.paused ? Theme.modify : Theme.allow
                filled: !root.proxy.paused
            }

            CodeText {
                anchors.left: dot.right
                anchors.leftMargin: Theme.space2
                anchors.verticalCenter: parent.verticalCenter
                text: root.proxy.address
                color: Theme.text
                textFormat: Text.PlainText
            }

            PushButton {
                id: change

                objectName: "proxySwitch"
                anchors.right: parent.right
                focus: true
                primary: root.proxy.paused
                glyph: root.proxy.paused ? "play" : "pause"
                text: root.proxy.paused ? qsTr("Resume") : qsTr("Pause")
                Accessible.name: root.proxy.paused ? qsTr("Let agents connect again") : qsTr("Let no agent connect")
                onClicked: root.proxy.paused = !root.proxy.paused
            }
        }

        PlainLabel {
            width: parent.width
            text: root.proxy.switchProblem !== "" ? root.proxy.switchProblem : root.proxy.paused ? qsTr("Paused: the port is closed, and agents that connect are refused. Streams that ran already go on to their end: %1.").arg(root.proxy.liveStreams) : qsTr("Agents on this machine can connect. Streams running now: %1.").arg(root.proxy.liveStreams)
            color: root.proxy.switchProblem !== "" ? Theme.failure : Theme.text2
            wrapMode: Text.Wrap
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }

        Rule {
            width: parent.width
        }

        Column {
            width: parent.width

            Repeater {
                model: root.agents
                delegate: Item {
                    id: agent

                    required property string name
                    required property string snippet

                    width: content.width
                    height: 32

                    PlainLabel {
                        id: label

                        anchors.verticalCenter: parent.verticalCenter
                        text: agent.name
                        textFormat: Text.PlainText
                    }

                    PushButton {
                        anchors.right: parent.right
                        anchors.verticalCenter: parent.verticalCenter
                        glyph: root.copied === agent.name ? "check" : "copy"
                        text: root.copied === agent.name ? qsTr("Copied") : qsTr("Copy")
                        Accessible.name: qsTr("Copy the text for %1").arg(agent.name)
                        onClicked: {
                            root.clipboard.copy(agent.snippet);
                            root.copied = agent.name;
                        }
                    }
                }
            }
        }
    }
}
