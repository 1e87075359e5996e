// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// Every setting, why it is what it is, and what goes with it; a list of headings, and one of them.
FocusScope {
    id: root

    required property SettingParts settings
    required property ProxyStatus proxy
    required property Notices notices
    required property Appearance appearance
    required property Clipboard clipboard
    property int current: 0
    readonly property list<string> headings: [qsTr("Proxy"), qsTr("Upstreams"), qsTr("Limits"), qsTr("Store"), qsTr("Retention"), qsTr("Secrets"), qsTr("Telemetry"), qsTr("Evidence"), qsTr("Notices"), qsTr("Appearance")]
    readonly property list<string> glyphs: ["connect", "globe", "stop", "database", "clock", "shield", "metrics", "check", "inbox", "sun"]

    property string databaseUrl: root.settings.lines.valueOf("database")
    property string bodies: root.settings.lines.valueOf("retention.bodies")
    property string metadata: root.settings.lines.valueOf("retention.metadata")

    Rectangle {
        anchors.fill: parent
        color: Theme.canvas
    }

    Connections {
        target: root.settings.lines
        function onChanged() {
            root.databaseUrl = root.settings.lines.valueOf("database");
            root.bodies = root.settings.lines.valueOf("retention.bodies");
            root.metadata = root.settings.lines.valueOf("retention.metadata");
        }
    }

    SettingHeadings {
        id: list

        anchors.left: parent.left
        anchors.top: parent.top
        anchors.bottom: parent.bottom
        width: 200
        focus: true
        headings: root.headings
        glyphs: root.glyphs
        current: root.current
        onChosen: index => {
            root.current = index;
            page.scrollTo(0);
        }
    }

    Rule {
        anchors.left: list.right
        anchors.top: parent.top
        anchors.bottom: parent.bottom
    }

    PageScroll {
        id: page

        readonly property int margin: Math.max(Theme.space5, (page.width - 800) / 2)

        anchors.left: list.right
        anchors.leftMargin: 1
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: parent.bottom
        contentHeight: content.y + content.height + Theme.space5

        Column {
            id: content

            x: page.margin
            y: Theme.space5
            width: page.width - 2 * page.margin
            spacing: Theme.space3

            PlainLabel {
                id: heading

                text: root.headings[root.current]
                font.pixelSize: 20
                font.weight: Font.DemiBold
                textFormat: Text.PlainText
                Accessible.role: Accessible.Heading
                Accessible.name: heading.text
            }

            StoreRoom {
                width: parent.width
                visible: root.current === SettingsModel.Store
                figures: root.settings.figures
                stored: root.proxy.storedText
            }

            Column {
                width: parent.width

                Repeater {
                    model: root.settings.lines
                    delegate: SettingLine {
                        id: line

                        width: content.width
                        visible: line.group === root.current
                        height: visible ? implicitHeight : 0
                        onTyped: value => root.settings.lines.type(line.index, value)
                        onSaveWanted: root.settings.lines.save(line.index)
                        onRevertWanted: root.settings.lines.forget(line.index)
                        onTakeBackWanted: root.settings.lines.takeBack(line.index)
                        onActiveFocusChanged: {
                            if (line.activeFocus)
                                page.reveal(line);
                        }
                    }
                }
            }

            UpstreamList {
                width: parent.width
                visible: root.current === SettingsModel.Upstreams
                upstreams: root.settings.upstreams
            }

            DatabaseCheck {
                width: parent.width
                visible: root.current === SettingsModel.Store
                trial: root.settings.databaseTrial
                url: root.databaseUrl
            }

            RetentionOutlook {
                width: parent.width
                visible: root.current === SettingsModel.Retention
                forecast: root.settings.forecast
                bodies: root.bodies
                metadata: root.metadata
            }

            SecretNames {
                width: parent.width
                visible: root.current === SettingsModel.Secrets
                secrets: root.settings.secrets
            }

            EvidencePane {
                width: parent.width
                visible: root.current === 7
                evidence: root.settings.evidence
                clipboard: root.clipboard
            }

            NoticeChoices {
                width: parent.width
                visible: root.current === 8
                notices: root.notices
            }

            AppearanceChoice {
                width: parent.width
                visible: root.current === 9
                appearance: root.appearance
            }
        }
    }
}
