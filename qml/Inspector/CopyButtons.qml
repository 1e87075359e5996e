// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop

// The ways to take the call away.
Flow {
    id: root

    required property InspectedCall call
    required property Clipboard clipboard
    property string done: ""

    signal ruleWanted(string tool)
    signal replayWanted
    signal resendWanted

    function flash(words: string) {
        root.done = words;
        forget.restart();
    }

    spacing: 8

    PushButton {
        objectName: "makeRule"
        glyph: "shield"
        text: qsTr("Make a rule")
        visible: root.call.tool !== ""
        onClicked: root.ruleWanted(root.call.tool)
    }

    PushButton {
        objectName: "replayCall"
        glyph: "play"
        text: qsTr("Replay")
        onClicked: root.replayWanted()
    }

    PushButton {
        objectName: "resendCall"
        glyph: "reply"
        text: qsTr("Send again")
        onClicked: root.resendWanted()
    }

    PushButton {
        objectName: "copyCurl"
        glyph: root.done === "curl" ? "check" : "copy"
        text: root.done === "curl" ? qsTr("Copied") : qsTr("Copy as curl")
        onClicked: root.call.copyAs(InspectedCall.Curl)
    }

    PushButton {
        objectName: "copyMarkdown"
        glyph: root.done === "markdown" ? "check" : "copy"
        text: root.done === "markdown" ? qsTr("Copied") : qsTr("Markdown")
        Accessible.name: qsTr("Copy as Markdown")
        onClicked: root.call.copyAs(InspectedCall.Markdown)
    }

    PushButton {
        objectName: "copyJson"
        glyph: root.done === "json" ? "check" : "copy"
        text: root.done === "json" ? qsTr("Copied") : qsTr("JSON")
        Accessible.name: qsTr("Copy as JSON")
        onClicked: root.call.copyAs(InspectedCall.Json)
    }

    Connections {
        target: root.call
        function onFormReady(form: int, text: string) {
            root.clipboard.copy(text);
            root.flash(form === InspectedCall.Curl ? "curl" : form === InspectedCall.Markdown ? "markdown" : "json");
        }
    }

    Timer {
        id: forget

        interval: 1600
        onTriggered: root.done = ""
    }
}
