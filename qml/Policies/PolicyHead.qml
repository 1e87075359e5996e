// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// What the policy is called, and its parts.
Item {
    id: root

    required property PolicyEditor editor
    required property int part

    signal partChosen(int part)

    implicitHeight: parts.y + parts.height + Theme.space3

    PlainLabel {
        id: heading

        x: Theme.space5
        y: 20
        width: parent.width - 2 * Theme.space5
        text: root.editor.isNew ? qsTr("New policy") : root.editor.name === "" ? root.editor.title : root.editor.name
        elide: Text.ElideRight
        font.pixelSize: Theme.titleSize
        font.weight: Font.DemiBold
        textFormat: Text.PlainText
        Accessible.role: Accessible.Heading
        Accessible.name: heading.text
    }

    SegmentedChoice {
        id: parts

        objectName: "policyPart"
        x: Theme.space5
        anchors.top: heading.bottom
        anchors.topMargin: Theme.space3
        name: qsTr("Part of the policy")
        words: root.editor.isNew ? [qsTr("Settings"), qsTr("Test"), qsTr("Past calls")] : [qsTr("Settings"), qsTr("Test"), qsTr("Past calls"), qsTr("Versions")]
        current: root.part
        onChosen: index => root.partChosen(index)
    }

    Rule {
        anchors.bottom: parent.bottom
        width: parent.width
    }
}
