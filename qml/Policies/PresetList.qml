// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// The presets, one below the other.
FocusScope {
    id: root

    required property PresetsModel presets

    signal added(string policyId)
    signal closeWanted

    focus: true
    Accessible.role: Accessible.Dialog
    Accessible.name: title.text

    PlainLabel {
        id: title

        text: qsTr("Presets")
        font.pixelSize: Theme.titleSize
        font.weight: Font.DemiBold
        textFormat: Text.PlainText
    }

    PushButton {
        anchors.right: parent.right
        focus: true
        quiet: true
        glyph: "cross"
        Accessible.name: qsTr("Close")
        onClicked: root.closeWanted()
    }

    PlainLabel {
        id: explanation

        anchors.top: title.bottom
        anchors.topMargin: Theme.space2
        width: parent.width
        text: root.presets.problem !== "" ? root.presets.problem : qsTr("Each is added as a shadow: it watches and records, and changes nothing until you enforce it.")
        color: root.presets.problem !== "" ? Theme.failure : Theme.text2
        wrapMode: Text.Wrap
        textFormat: Text.PlainText
    }

    ListView {
        id: list

        objectName: "presetList"
        anchors.top: explanation.bottom
        anchors.topMargin: Theme.space3
        anchors.bottom: parent.bottom
        width: parent.width
        clip: true
        spacing: Theme.space2
        model: root.presets
        boundsBehavior: Flickable.StopAtBounds
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Presets")
        delegate: PresetCard {
            id: preset

            required property int index

            width: list.width
            onAddWanted: {
                const id = root.presets.add(preset.index);
                if (id !== "")
                    root.added(id);
            }
            onActiveFocusChanged: {
                if (preset.activeFocus)
                    list.positionViewAtIndex(preset.index, ListView.Contain);
            }
        }

        WheelScroll {
            parent: list
            onScrolled: pixels => list.contentY = Math.max(0, Math.min(list.contentHeight - list.height, list.contentY + pixels))
        }
    }
}
