// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// What became of a policy, how its versions differ, and the way back to one.
FocusScope {
    id: root

    required property PolicyVersions versions
    /// There are changes in the form that going back would drop.
    property bool unsaved: false

    ListView {
        id: list

        objectName: "versionList"
        width: parent.width
        height: Math.round(Math.min(list.contentHeight + 2 * Theme.space1, root.height * 0.4))
        topMargin: Theme.space1
        bottomMargin: Theme.space1
        clip: true
        focus: true
        activeFocusOnTab: true
        model: root.versions
        currentIndex: root.versions.selected
        boundsBehavior: Flickable.StopAtBounds
        highlightMoveDuration: 0
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Versions")
        onCurrentIndexChanged: list.positionViewAtIndex(list.currentIndex, ListView.Contain)
        Keys.onDownPressed: root.versions.selected = root.versions.selected + 1
        Keys.onUpPressed: root.versions.selected = root.versions.selected - 1
        delegate: VersionRow {
            id: version

            required property int index

            width: list.width
            selected: version.index === root.versions.selected
            focused: list.activeFocus
            onChosen: {
                root.versions.selected = version.index;
                list.forceActiveFocus(Qt.MouseFocusReason);
            }
        }

        WheelScroll {
            parent: list
            onScrolled: pixels => list.contentY = Math.max(0, Math.min(list.contentHeight - list.height, list.contentY + pixels))
        }
    }

    Rule {
        id: edge

        anchors.top: list.bottom
        width: parent.width
    }

    Flow {
        id: tools

        x: Theme.space5
        anchors.top: edge.bottom
        anchors.topMargin: Theme.space2
        width: root.width - 2 * Theme.space5
        spacing: Theme.space2

        SegmentedChoice {
            objectName: "versionAgainst"
            name: qsTr("Compared with")
            words: [qsTr("What it changed"), qsTr("Going back to it")]
            current: root.versions.againstNow ? 1 : 0
            onChosen: index => root.versions.againstNow = index === 1
        }

        PushButton {
            objectName: "restoreVersion"
            glyph: "undo"
            text: root.unsaved ? qsTr("Restore, drop the changes here") : qsTr("Restore this version")
            enabled: root.versions.canRestore
            opacity: enabled ? 1 : 0.5
            onClicked: root.versions.restore()
        }
    }

    PlainLabel {
        id: said

        x: Theme.space5
        anchors.top: tools.bottom
        anchors.topMargin: said.text === "" ? 0 : Theme.space2
        width: root.width - 2 * Theme.space5
        height: said.text === "" ? 0 : said.implicitHeight
        text: root.versions.problem
        color: Theme.failure
        wrapMode: Text.Wrap
        font.pixelSize: Theme.secondarySize
        textFormat: Text.PlainText
    }

    ListView {
        id: lines

        objectName: "versionLines"
        anchors.top: said.bottom
        anchors.topMargin: Theme.space2
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.leftMargin: Theme.space4
        anchors.rightMargin: Theme.space4
        anchors.bottom: parent.bottom
        clip: true
        activeFocusOnTab: true
        model: root.versions.difference
        boundsBehavior: Flickable.StopAtBounds
        Accessible.role: Accessible.List
        Accessible.name: qsTr("What differs")
        delegate: DifferenceLine {
            width: lines.width
        }

        WheelScroll {
            parent: lines
            onScrolled: pixels => lines.contentY = Math.max(0, Math.min(lines.contentHeight - lines.height, lines.contentY + pixels))
        }
    }

    PlainLabel {
        anchors.centerIn: lines
        width: Math.min(360, lines.width)
        visible: lines.count === 0
        text: root.versions.loading && root.versions.count === 0 ? qsTr("Reading the history…") : root.versions.count === 0 ? qsTr("Nothing is known of this policy yet.") : root.versions.againstNow ? qsTr("This is the version in force.") : qsTr("Nothing but its mode changed.")
        color: Theme.text3
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
        textFormat: Text.PlainText
    }
}
