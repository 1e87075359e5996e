// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Window
import QtQuick.Templates as T
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// One policy: what it is, its settings, and what can be done with it.
FocusScope {
    id: root

    required property PolicyEditor editor

    readonly property Item focused: root.Window.activeFocusItem
    /// Another policy begins at its top.
    readonly property string opened: !root.editor.open ? "" : root.editor.isNew ? "+" : root.editor.policyId

    /// The field that kept the policy from being saved, until something else is done.
    property FieldFrame refused: null

    signal removeWanted(string policyId)

    function save() {
        root.editor.save();
        root.refused = root.wrongField(content);
        root.showRefused();
    }

    /// The first field in an item that says why its value will not do.
    function wrongField(item: Item): FieldFrame {
        const field = item as FieldFrame;
        if (field && field.visible && field.problem !== "")
            return field;
        for (let i = 0; i < item.children.length; ++i) {
            const found = root.wrongField(item.children[i]);
            if (found)
                return found;
        }
        return null;
    }

    function showRefused() {
        if (root.refused)
            page.reveal(root.refused);
    }

    onOpenedChanged: {
        root.refused = null;
        page.contentY = 0;
    }
    // Tab goes on below the edge of the window; what the mouse presses has to stay under it.
    onFocusedChanged: {
        root.refused = null;
        const control = root.focused as T.Control;
        if (control && !control.visualFocus)
            return;
        for (let at = root.focused; at; at = at.parent) {
            if (at === content)
                page.reveal(root.focused);
        }
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.canvas
    }

    PlainLabel {
        anchors.centerIn: parent
        width: Math.min(360, parent.width - 2 * Theme.space5)
        visible: !root.editor.open
        text: qsTr("Choose a policy to see its settings")
        color: Theme.text3
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
        textFormat: Text.PlainText
    }

    PageScroll {
        id: page

        objectName: "policySettings"
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: bar.visible ? bar.top : parent.bottom
        visible: root.editor.open
        contentHeight: content.y + content.height + Theme.space5

        Column {
            id: content

            x: Theme.space5
            y: 20
            width: Math.min(640, page.width - 2 * Theme.space5)
            spacing: Theme.space4
            // The reason is only laid out after it was written.
            onHeightChanged: root.showRefused()

            Column {
                width: parent.width
                spacing: 5

                PlainLabel {
                    id: heading

                    width: parent.width
                    text: root.editor.isNew ? qsTr("New policy") : root.editor.name === "" ? root.editor.title : root.editor.name
                    elide: Text.ElideRight
                    font.pixelSize: Theme.titleSize
                    font.weight: Font.DemiBold
                    textFormat: Text.PlainText
                    Accessible.role: Accessible.Heading
                    Accessible.name: heading.text
                }

                PlainLabel {
                    width: parent.width
                    text: root.editor.purpose
                    color: Theme.text2
                    wrapMode: Text.Wrap
                    lineHeight: Theme.messageLineHeight
                    textFormat: Text.PlainText
                }

                PlainLabel {
                    width: parent.width
                    visible: root.editor.readOnly
                    text: qsTr("Written in %1: its mode can be set here, everything else there.").arg(root.editor.place)
                    color: Theme.text3
                    wrapMode: Text.Wrap
                    font.pixelSize: Theme.secondarySize
                    textFormat: Text.PlainText
                }
            }

            DefinitionFields {
                width: parent.width
                editor: root.editor
            }

            Rule {
                width: parent.width
            }

            PlainLabel {
                id: settings

                text: qsTr("Settings")
                font.weight: Font.DemiBold
                textFormat: Text.PlainText
                Accessible.role: Accessible.Heading
                Accessible.name: settings.text
            }

            SettingsForm {
                width: parent.width
                form: root.editor.form
                readOnly: root.editor.readOnly
            }
        }
    }

    Item {
        id: bar

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        height: 56
        visible: root.editor.open && !root.editor.readOnly

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
                text: root.editor.isNew ? qsTr("Add policy") : qsTr("Save")
                enabled: root.editor.canSave
                opacity: enabled ? 1 : 0.5
                onClicked: root.save()
            }

            PushButton {
                visible: root.editor.isNew || root.editor.modified
                text: root.editor.isNew ? qsTr("Cancel") : qsTr("Undo changes")
                onClicked: root.editor.isNew ? root.editor.close() : root.editor.openPolicy(root.editor.policyId)
            }

            PushButton {
                objectName: "removePolicy"
                visible: !root.editor.isNew
                glyph: "trash"
                text: qsTr("Remove…")
                onClicked: root.removeWanted(root.editor.policyId)
            }
        }

        PlainLabel {
            anchors.left: actions.right
            anchors.leftMargin: Theme.space3
            anchors.right: parent.right
            anchors.rightMargin: Theme.space5
            anchors.verticalCenter: parent.verticalCenter
            text: root.editor.problem !== "" ? root.editor.problem : root.editor.modified && !root.editor.canSave ? qsTr("Not complete yet: see the fields marked above.") : root.editor.modified && !root.editor.isNew ? qsTr("Not saved yet. Saving makes a new version.") : ""
            color: root.editor.problem !== "" ? Theme.failure : Theme.text3
            wrapMode: Text.Wrap
            maximumLineCount: 2
            elide: Text.ElideRight
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }
    }
}
