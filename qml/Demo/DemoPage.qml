// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// A model that drops a table, an agent that obeys, and Luthien between them: with and without a policy in force.
FocusScope {
    id: root

    required property DemoRun demo
    required property PoliciesModel policies

    readonly property string guard: "destructive-sql"
    property int guardMode: root.policies.modeOf(root.guard)
    property int strongestMode: root.policies.strongestModeOf(root.guard)

    signal sessionWanted(string sessionId)
    signal policyWanted(string policyId)

    /// What will happen to the table. Whichever policy of the type is the strictest decides, not only the switch here.
    function prospect(): string {
        switch (root.strongestMode) {
        case PoliciesModel.Enforce:
            return root.guardMode === root.strongestMode ? qsTr("It steps in: the call that drops the table will not reach the agent.") : qsTr("Another policy of this type steps in: the call that drops the table will not reach the agent.");
        case PoliciesModel.Shadow:
            return qsTr("It is only watched: the table will be dropped, and the record will say what would have been blocked.");
        case PoliciesModel.Off:
            return qsTr("It is off: the table will be dropped, and nobody says a word.");
        default:
            return qsTr("There is no policy of this type. The ones you have judge the demo as they judge everything else.");
        }
    }

    Connections {
        target: root.policies
        function onChanged() {
            root.guardMode = root.policies.modeOf(root.guard);
            root.strongestMode = root.policies.strongestModeOf(root.guard);
        }
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.canvas
    }

    Column {
        id: intro

        x: page.margin
        y: 32
        width: page.width - 2 * page.margin
        spacing: Theme.space3

        PlainLabel {
            id: heading

            text: qsTr("Demo: an agent drops a table")
            font.pixelSize: 22
            font.weight: Font.DemiBold
            textFormat: Text.PlainText
            Accessible.role: Accessible.Heading
            Accessible.name: heading.text
        }

        PlainLabel {
            width: parent.width
            text: qsTr("A scripted model tells a small agent to clean up a shop's database and, on the way, to drop its customers table. The agent runs whatever reaches it, against a real SQLite file. Everything between them goes through this proxy, on this machine only. Nothing of yours is touched.")
            color: Theme.text2
            wrapMode: Text.Wrap
            lineHeight: Theme.messageLineHeight
            textFormat: Text.PlainText
        }

        Rectangle {
            width: parent.width
            height: controls.height + 2 * Theme.space4
            radius: Theme.cardRadius
            color: Theme.panel
            border.color: Theme.line

            Column {
                id: controls

                x: Theme.space4
                y: Theme.space4
                width: parent.width - 2 * Theme.space4
                spacing: Theme.space3

                Item {
                    width: parent.width
                    height: toggle.height

                    CodeText {
                        anchors.verticalCenter: parent.verticalCenter
                        text: root.guard
                        color: Theme.text
                        textFormat: Text.PlainText
                    }

                    ModeToggle {
                        id: toggle

                        objectName: "demoMode"
                        anchors.right: parent.right
                        visible: root.guardMode >= 0
                        enabled: !root.demo.running
                        name: qsTr("Mode of %1").arg(root.guard)
                        current: root.guardMode
                        onChosen: index => root.policies.setMode(root.guard, index)
                    }

                    PushButton {
                        anchors.right: parent.right
                        anchors.verticalCenter: parent.verticalCenter
                        visible: root.guardMode < 0
                        glyph: "shield"
                        text: qsTr("Go to the policies")
                        onClicked: root.policyWanted(root.guard)
                    }
                }

                PlainLabel {
                    width: parent.width
                    objectName: "demoSays"
                    text: root.prospect()
                    color: Theme.text2
                    wrapMode: Text.Wrap
                    textFormat: Text.PlainText
                }

                PushButton {
                    objectName: "runDemo"
                    focus: true
                    primary: !root.demo.running
                    glyph: root.demo.running ? "stop" : "play"
                    text: root.demo.running ? qsTr("Stop") : root.demo.outcome === DemoRun.None ? qsTr("Run the demo") : qsTr("Run it again")
                    onClicked: root.demo.running ? root.demo.cancel() : root.demo.start()
                }
            }
        }
    }

    Rule {
        anchors.top: page.top
        x: page.margin
        width: content.width
        z: 1
        visible: page.contentY > 0
    }

    PageScroll {
        id: page

        readonly property int margin: Math.max(Theme.space5, (page.width - 760) / 2)

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: intro.bottom
        anchors.topMargin: Theme.space3
        anchors.bottom: parent.bottom
        contentHeight: content.height + Theme.space5
        // What just happened is what one wants to see.
        onContentHeightChanged: page.followNewest()
        onHeightChanged: page.followNewest()

        function followNewest() {
            if (root.demo.running || root.demo.outcome !== DemoRun.None)
                page.scrollTo(page.contentHeight - page.height);
        }

        Column {
            id: content

            x: page.margin
            width: page.width - 2 * page.margin
            spacing: Theme.space3

            Column {
                width: parent.width
                topPadding: Theme.space3

                Repeater {
                    model: root.demo.steps
                    delegate: DemoStep {
                        width: content.width
                    }
                }
            }

            DemoVerdict {
                width: parent.width
                visible: root.demo.outcome !== DemoRun.None
                demo: root.demo
                onSessionWanted: root.sessionWanted(root.demo.sessionId)
            }

            Column {
                id: tables

                width: parent.width
                topPadding: Theme.space2
                visible: rows.count > 0

                Item {
                    width: parent.width
                    height: 26

                    PlainLabel {
                        text: qsTr("Table")
                        color: Theme.text3
                        font.pixelSize: Theme.secondarySize
                        textFormat: Text.PlainText
                    }

                    PlainLabel {
                        x: 130
                        text: qsTr("Before: rows, checksum")
                        color: Theme.text3
                        font.pixelSize: Theme.secondarySize
                        textFormat: Text.PlainText
                    }

                    PlainLabel {
                        x: 130 + (tables.width - 220) / 2
                        text: qsTr("After")
                        color: Theme.text3
                        font.pixelSize: Theme.secondarySize
                        textFormat: Text.PlainText
                    }
                }

                Repeater {
                    id: rows

                    model: root.demo.tables
                    delegate: DemoTable {
                        width: tables.width
                    }
                }
            }
        }
    }
}
