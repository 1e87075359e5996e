// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// Which file, what its policies would change, and the button that does it.
FocusScope {
    id: root

    required property PolicyImport policyImport
    property bool exports: false

    signal done

    function begin(exports: bool) {
        root.exports = exports;
        root.policyImport.begin();
        path.text = exports ? root.policyImport.suggestedPath() : "";
        path.forceActiveFocus(Qt.PopupFocusReason);
    }

    function go() {
        if (root.exports)
            root.policyImport.write(path.text);
        else
            root.policyImport.read(path.text);
    }

    implicitHeight: words.implicitHeight
    focus: true
    Accessible.role: Accessible.Dialog
    Accessible.name: title.text

    Column {
        id: words

        width: parent.width
        spacing: Theme.space3

        PlainLabel {
            id: title

            text: root.exports ? qsTr("Export the policies") : qsTr("Import policies")
            font.pixelSize: Theme.titleSize
            font.weight: Font.DemiBold
            textFormat: Text.PlainText
        }

        PlainLabel {
            width: parent.width
            text: root.exports ? qsTr("All of the chain, as YAML that luthiend policy apply takes too.") : qsTr("A file in YAML or JSON, as luthiend policy apply takes it. You see what would change before anything does.")
            color: Theme.text2
            wrapMode: Text.Wrap
            textFormat: Text.PlainText
        }

        Row {
            width: parent.width
            spacing: Theme.space2

            LineField {
                id: path

                objectName: "policyFile"
                width: parent.width - look.width - Theme.space2
                focus: true
                code: true
                placeholderText: qsTr("/home/you/policies.yaml")
                Accessible.name: qsTr("Path of the file")
                Keys.onReturnPressed: root.go()
            }

            PushButton {
                id: look

                objectName: "policyFileGo"
                height: 30
                primary: root.policyImport.count === 0
                text: root.exports ? (root.policyImport.exists(path.text) ? qsTr("Replace the file") : qsTr("Export")) : qsTr("Look")
                enabled: path.text !== ""
                opacity: enabled ? 1 : 0.5
                onClicked: root.go()
            }
        }

        ListView {
            id: list

            objectName: "importList"
            width: parent.width
            height: Math.min(list.contentHeight, 280)
            visible: root.policyImport.count > 0
            clip: true
            model: root.policyImport
            boundsBehavior: Flickable.StopAtBounds
            Accessible.role: Accessible.List
            Accessible.name: qsTr("Policies of the file")
            delegate: ImportRow {
                width: list.width
            }

            WheelScroll {
                parent: list
                onScrolled: pixels => list.contentY = Math.max(0, Math.min(list.contentHeight - list.height, list.contentY + pixels))
            }
        }

        PlainLabel {
            id: said

            objectName: "policyFileSaid"
            width: parent.width
            visible: said.text !== ""
            text: root.policyImport.problem !== "" ? root.policyImport.problem : root.policyImport.said
            color: root.policyImport.problem !== "" ? Theme.failure : Theme.allow
            wrapMode: Text.Wrap
            textFormat: Text.PlainText
            Accessible.role: Accessible.AlertMessage
            Accessible.name: said.text
        }

        Row {
            spacing: Theme.space2

            PushButton {
                objectName: "acceptImport"
                visible: root.policyImport.count > 0
                primary: true
                enabled: root.policyImport.acceptable
                opacity: enabled ? 1 : 0.5
                text: qsTr("Import all of it")
                onClicked: root.policyImport.accept()
            }

            PushButton {
                text: qsTr("Close")
                onClicked: root.done()
            }
        }
    }
}
