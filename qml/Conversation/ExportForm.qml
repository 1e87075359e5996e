// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// The choices of an export, and how it goes on. A directory is typed, or chosen below.
FocusScope {
    id: root

    required property SessionExport exporter
    required property string sessionId
    property int format: SessionExport.Jsonl
    property bool overwriteAsked: false
    readonly property bool saved: root.exporter.savedPath !== ""
    readonly property bool editable: !root.exporter.running && !root.saved

    signal done

    onSavedChanged: {
        if (root.saved)
            close.forceActiveFocus(Qt.TabFocusReason);
    }

    function begin() {
        root.overwriteAsked = false;
        path.text = root.exporter.suggestedPath(root.sessionId, root.format);
        path.forceActiveFocus(Qt.TabFocusReason);
    }

    function save() {
        if (path.text === "" || root.exporter.running)
            return;
        if (root.exporter.exists(path.text) && !root.overwriteAsked) {
            root.overwriteAsked = true;
            return;
        }
        root.overwriteAsked = false;
        root.exporter.start(root.sessionId, root.format, path.text);
    }

    function choose(format: int) {
        root.format = format;
        root.overwriteAsked = false;
        path.text = root.exporter.withEnding(path.text, format);
    }

    implicitHeight: words.implicitHeight
    focus: true
    Accessible.role: Accessible.Dialog
    Accessible.name: title.text

    Column {
        id: words

        width: root.width
        spacing: Theme.space3

        PlainLabel {
            id: title

            text: qsTr("Export this session")
            font.pixelSize: Theme.titleSize
            font.weight: Font.DemiBold
            textFormat: Text.PlainText
        }

        SegmentedChoice {
            objectName: "exportFormat"
            name: qsTr("Format")
            words: [qsTr("JSONL"), qsTr("HTML"), qsTr("Markdown")]
            glyphs: ["database", "file", "note"]
            current: root.format
            enabled: root.editable
            onChosen: index => root.choose(index)
        }

        PlainLabel {
            width: parent.width
            text: root.format === SessionExport.Markdown ? qsTr("Text to read, to search or to paste into an issue: the conversation and what policies said, without anything that loads.") : root.format === SessionExport.Html ? qsTr("A page to read or to send: the conversation and what policies said, in one file that loads nothing.") : qsTr("Everything, without loss: each call, event and decision as a line of JSON, with a checksum at the end.")
            color: Theme.text2
            wrapMode: Text.Wrap
            textFormat: Text.PlainText
        }

        LineField {
            id: path

            objectName: "exportPath"
            width: parent.width
            code: true
            focus: true
            enabled: root.editable
            wrong: root.overwriteAsked || root.exporter.problem !== ""
            Accessible.name: qsTr("File")
            onTextEdited: root.overwriteAsked = false
            onAccepted: root.save()
        }

        Flow {
            width: parent.width
            spacing: Theme.space1
            visible: root.editable

            Repeater {
                model: root.exporter.directoriesBeside(path.text)
                delegate: PushButton {
                    id: directory

                    required property string modelData

                    glyph: "folder"
                    text: directory.modelData.length > 24 ? directory.modelData.slice(0, 23) + "…" : directory.modelData
                    Accessible.name: directory.modelData === ".." ? qsTr("Directory above") : qsTr("Directory %1").arg(directory.modelData)
                    onClicked: {
                        root.overwriteAsked = false;
                        path.text = root.exporter.moved(path.text, directory.modelData);
                    }
                }
            }
        }

        Row {
            spacing: Theme.space2
            visible: message.text !== ""

            Glyph {
                y: 1
                name: root.exporter.problem !== "" || root.overwriteAsked ? "triangle" : root.saved ? "check" : "clock"
                size: 14
                tint: message.color
            }

            SelectableText {
                id: message

                width: words.width - 24
                wrapMode: TextEdit.WrapAtWordBoundaryOrAnywhere
                text: root.overwriteAsked ? qsTr("There is a file with this name. Export once more to replace it.") : root.exporter.running ? root.exporter.progress : root.exporter.problem !== "" ? root.exporter.problem : root.saved ? qsTr("%1: %2").arg(root.exporter.savedText).arg(root.exporter.savedPath) : ""
                color: root.exporter.problem !== "" ? Theme.failure : root.overwriteAsked ? Theme.modify : root.saved ? Theme.allow : Theme.text2
                Accessible.ignored: false
                Accessible.role: Accessible.AlertMessage
                Accessible.name: message.text
            }
        }

        Row {
            spacing: Theme.space2
            topPadding: Theme.space2

            PushButton {
                objectName: "exportConfirm"
                visible: root.editable
                primary: true
                glyph: "export"
                text: root.overwriteAsked ? qsTr("Replace the file") : qsTr("Export")
                onClicked: root.save()
            }

            PushButton {
                id: close

                objectName: "exportClose"
                text: root.exporter.running ? qsTr("Give up") : root.saved ? qsTr("Done") : qsTr("Cancel")
                onClicked: root.exporter.running ? root.exporter.cancel() : root.done()
            }
        }
    }
}
