// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Theme

// Several lines of text to type.
FocusScope {
    id: root

    required property string text
    required property string name
    property bool wrong: false
    property bool readOnly: false
    property int leastLines: 3
    property string placeholderText: ""

    /// A person changed the text.
    signal typed(string text)

    // What is typed is not taken back while it is typed: an empty last line is none in the value.
    function show() {
        if (!edit.activeFocus && edit.text !== root.text)
            edit.text = root.text;
    }

    implicitHeight: Math.max(root.leastLines * 18, edit.implicitHeight) + 14
    activeFocusOnTab: true
    onTextChanged: root.show()
    onActiveFocusChanged: root.show()

    Rectangle {
        anchors.fill: parent
        radius: Theme.controlRadius
        color: root.readOnly ? Theme.inset : Theme.raised
        border.color: root.wrong ? Theme.failure : edit.activeFocus ? Theme.accent : Theme.lineStrong
        border.width: edit.activeFocus ? 2 : 1
    }

    TextEdit {
        id: edit

        anchors.fill: parent
        anchors.margins: 7
        anchors.leftMargin: 9
        focus: true
        readOnly: root.readOnly
        selectByMouse: true
        tabStopDistance: 24
        textFormat: TextEdit.PlainText
        wrapMode: TextEdit.WrapAtWordBoundaryOrAnywhere
        color: root.readOnly ? Theme.text2 : Theme.text
        selectionColor: Theme.fill
        selectedTextColor: Theme.textOnFill
        font.family: Theme.mono
        font.pixelSize: Theme.codeSize
        font.preferShaping: false
        Accessible.role: Accessible.EditableText
        Accessible.name: root.name
        Accessible.multiLine: true
        KeyNavigation.priority: KeyNavigation.BeforeItem
        Keys.onTabPressed: {
            const next = edit.nextItemInFocusChain(true);
            if (next)
                next.forceActiveFocus(Qt.TabFocusReason);
        }
        Keys.onBacktabPressed: {
            const before = edit.nextItemInFocusChain(false);
            if (before)
                before.forceActiveFocus(Qt.BacktabFocusReason);
        }
        onTextChanged: {
            if (edit.activeFocus && edit.text !== root.text)
                root.typed(edit.text);
        }
    }

    PlainLabel {
        anchors.left: edit.left
        anchors.right: edit.right
        anchors.top: edit.top
        visible: edit.text === ""
        text: root.placeholderText
        color: Theme.text3
        font: edit.font
        wrapMode: Text.Wrap
        maximumLineCount: root.leastLines
        elide: Text.ElideRight
        textFormat: Text.PlainText
    }

    Component.onCompleted: edit.text = root.text
}
