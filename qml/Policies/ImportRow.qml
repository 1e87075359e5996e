// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// One policy of a file, and what would become of it.
Item {
    id: root

    required property string policyId
    required property string type
    required property int mode
    required property int fate
    required property string fateText

    implicitHeight: words.height + Theme.space2
    Accessible.role: Accessible.ListItem
    Accessible.name: qsTr("%1 %2").arg(root.policyId).arg(root.fateText)

    Glyph {
        y: 2
        name: root.fate === PolicyImport.New ? "plus" : root.fate === PolicyImport.Changed ? "pen" : root.fate === PolicyImport.Refused ? "barred" : "check"
        size: 14
        tint: root.fate === PolicyImport.New ? Theme.allow : root.fate === PolicyImport.Changed ? Theme.modify : root.fate === PolicyImport.Refused ? Theme.block : Theme.text3
    }

    Column {
        id: words

        x: 22
        width: root.width - 22
        spacing: 2

        PlainLabel {
            width: parent.width
            text: qsTr("%1  ·  %2  ·  %3").arg(root.policyId).arg(root.type).arg([qsTr("off"), qsTr("shadow"), qsTr("enforce")][root.mode])
            elide: Text.ElideRight
            font.weight: Font.Medium
            textFormat: Text.PlainText
        }

        PlainLabel {
            width: parent.width
            text: root.fateText
            color: root.fate === PolicyImport.Refused ? Theme.block : Theme.text2
            wrapMode: Text.Wrap
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }
    }
}
