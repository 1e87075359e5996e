// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// The value of a setting: a field to type in, or a choice where there are only a few.
FocusScope {
    id: root

    required property string title
    required property list<string> choices
    required property string value
    property bool editable: true
    property bool wrong: false
    property bool changed: false

    signal typed(string value)
    signal saveWanted
    signal revertWanted

    implicitHeight: choice.visible ? choice.height : field.height
    implicitWidth: 320
    onValueChanged: root.show()
    Component.onCompleted: root.show()

    // What is typed is the value already: it is not taken from under the cursor.
    function show() {
        if (field.text !== root.value)
            field.text = root.value;
    }

    SegmentedChoice {
        id: choice

        visible: root.choices.length > 1
        enabled: root.editable
        focus: visible
        name: root.title
        words: root.choices
        current: root.choices.indexOf(root.value)
        onChosen: index => {
            root.typed(root.choices[index]);
            root.saveWanted();
        }
    }

    LineField {
        id: field

        visible: !choice.visible
        focus: visible
        width: Math.min(360, root.width - (root.changed ? buttons.width + Theme.space2 : 0))
        code: true
        readOnly: !root.editable
        wrong: root.wrong
        Accessible.name: root.title
        onTextEdited: root.typed(field.text)
        Keys.onReturnPressed: root.saveWanted()
        Keys.onEnterPressed: root.saveWanted()
        Keys.onEscapePressed: event => {
            event.accepted = root.changed;
            if (root.changed)
                root.revertWanted();
        }
    }

    Row {
        id: buttons

        anchors.left: field.right
        anchors.leftMargin: Theme.space2
        anchors.verticalCenter: field.verticalCenter
        spacing: Theme.space1
        visible: root.changed && field.visible

        PushButton {
            primary: true
            enabled: !root.wrong
            opacity: enabled ? 1 : 0.5
            text: qsTr("Save")
            Accessible.name: qsTr("Save: %1").arg(root.title)
            onClicked: root.saveWanted()
        }

        PushButton {
            text: qsTr("Discard")
            Accessible.name: qsTr("Discard: %1").arg(root.title)
            onClicked: root.revertWanted()
        }
    }
}
