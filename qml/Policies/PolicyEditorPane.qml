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
    required property TestBench bench
    required property BacktestModel backtest
    required property PolicyVersions versions
    property string sessionId: ""
    /// Settings, test, past calls, versions.
    property int part: 0

    readonly property Item focused: root.Window.activeFocusItem
    /// Another policy begins at its top.
    readonly property string opened: !root.editor.open ? "" : root.editor.isNew ? "+" : root.editor.policyId

    /// The field that kept the policy from being saved, until something else is done.
    property FieldFrame refused: null

    signal removeWanted(string policyId)
    signal callWanted(string sessionId, string callId)

    function save() {
        root.editor.save();
        root.refused = root.wrongField(content);
        if (root.refused)
            root.part = 0;
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
        if (root.editor.isNew)
            root.part = 0;
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

    PolicyHead {
        id: head

        width: root.width
        visible: root.editor.open
        editor: root.editor
        part: root.part
        onPartChosen: part => root.part = part
    }

    BenchPane {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: head.bottom
        anchors.bottom: page.bottom
        visible: root.editor.open && root.part === 1
        bench: root.bench
        sessionId: root.sessionId
    }

    BacktestPane {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: head.bottom
        anchors.bottom: page.bottom
        visible: root.editor.open && root.part === 2
        backtest: root.backtest
        onCallWanted: (sessionId, callId) => root.callWanted(sessionId, callId)
    }

    VersionsPane {
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: head.bottom
        anchors.bottom: page.bottom
        visible: root.editor.open && root.part === 3
        versions: root.versions
        unsaved: root.editor.unsaved
    }

    Binding {
        target: root.versions
        property: "policyId"
        value: root.editor.open && !root.editor.isNew && root.part === 3 ? root.editor.policyId : ""
    }

    // Only what somebody looks at is tried.
    Binding {
        target: root.bench
        property: "active"
        value: root.visible && root.editor.open && root.part < 2
    }

    PageScroll {
        id: page

        objectName: "policySettings"
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: head.bottom
        anchors.bottom: bar.visible ? bar.top : parent.bottom
        visible: root.editor.open && root.part === 0
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
                scriptLine: root.bench.problemLine
            }
        }
    }

    SaveBar {
        id: bar

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        visible: root.editor.open && !root.editor.readOnly
        editor: root.editor
        onSaveWanted: root.save()
        onRemoveWanted: root.removeWanted(root.editor.policyId)
    }
}
