// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// What can be done with the policy that is open, and how it stands.
Item {
    id: root

    required property PolicyEditor editor

    signal saveWanted
    signal removeWanted

    implicitHeight: 56

    Rule {
        width: parent.width
    }

    Row {
        id: actions

        x: Theme.space5
        anchors.verticalCenter: parent.verticalCenter
        spacing: Theme.space2

        PushButton {
            objectName: "savePolicy"
            primary: true
            text: root.editor.isNew ? qsTr("Add to the chain") : qsTr("Save")
            enabled: root.editor.canSave
            opacity: enabled ? 1 : 0.5
            onClicked: root.saveWanted()
        }

        PushButton {
            visible: !root.editor.overtaken && (root.editor.isNew || root.editor.modified)
            text: root.editor.isNew ? qsTr("Cancel") : qsTr("Undo changes")
            onClicked: root.editor.isNew ? root.editor.close() : root.editor.openPolicy(root.editor.policyId)
        }

        PushButton {
            objectName: "takeTheirs"
            visible: root.editor.overtaken
            text: qsTr("Take theirs")
            onClicked: root.editor.takeTheirs()
        }

        PushButton {
            objectName: "keepMine"
            visible: root.editor.overtaken
            text: qsTr("Keep mine")
            onClicked: root.editor.keepMine()
        }

        PushButton {
            objectName: "removePolicy"
            visible: !root.editor.isNew
            glyph: "trash"
            text: qsTr("Remove…")
            onClicked: root.removeWanted()
        }
    }

    PlainLabel {
        anchors.left: actions.right
        anchors.leftMargin: Theme.space3
        anchors.right: parent.right
        anchors.rightMargin: Theme.space5
        anchors.verticalCenter: parent.verticalCenter
        text: root.editor.overtaken ? qsTr("Changed elsewhere while you were at it. Mine, once saved, replaces that.") : root.editor.problem !== "" ? root.editor.problem : root.editor.modified && !root.editor.canSave ? qsTr("Not complete yet: see the fields marked above.") : root.editor.modified && !root.editor.isNew ? qsTr("Not saved yet. Saving makes a new version.") : ""
        color: root.editor.overtaken || root.editor.problem !== "" ? Theme.failure : Theme.text3
        wrapMode: Text.Wrap
        maximumLineCount: 2
        elide: Text.ElideRight
        font.pixelSize: Theme.secondarySize
        textFormat: Text.PlainText
    }
}
