// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// A script to write: colours, the number of each line, the line that is wrong, and a way to find words. Tab indents;
// Escape, then Tab, leaves.
FocusScope {
    id: root

    required property string text
    required property string name
    property bool wrong: false
    property bool readOnly: false
    /// Counted from 1; 0 = none.
    property int errorLine: 0
    readonly property real lineHeight: metrics.height
    property bool leaving: false

    /// A person changed the text.
    signal typed(string text)

    // What is typed is not taken back while it is typed.
    function show() {
        if (!edit.activeFocus && edit.text !== root.text)
            edit.text = root.text;
    }

    function goToLine(line: int) {
        edit.cursorPosition = script.startOf(line);
        edit.forceActiveFocus(Qt.OtherFocusReason);
    }

    function findNext(backward: bool) {
        const from = backward ? edit.selectionStart : edit.selectionEnd;
        const at = script.find(bar.words, from, backward);
        if (at >= 0)
            edit.select(at, at + bar.words.length);
    }

    implicitHeight: box.height + (bar.visible ? bar.height + Theme.space1 : 0)
    activeFocusOnTab: true
    onTextChanged: root.show()
    onActiveFocusChanged: root.show()
    Component.onCompleted: edit.text = root.text

    FontMetrics {
        id: metrics

        font: edit.font
    }

    ScriptDocument {
        id: script

        document: edit.textDocument
        wordColor: Theme.hold
        textColor: Theme.allow
        commentColor: Theme.text3
        numberColor: Theme.modify
        ownColor: Theme.accent
    }

    Rectangle {
        id: box

        width: root.width
        height: Math.max(12, Math.min(28, edit.lineCount + 1)) * root.lineHeight + 14 + 20
        radius: Theme.controlRadius
        color: root.readOnly ? Theme.inset : Theme.raised
        border.color: root.wrong ? Theme.failure : edit.activeFocus ? Theme.accent : Theme.lineStrong
        border.width: edit.activeFocus ? 2 : 1
    }

    Flickable {
        id: view

        function reveal(area: rect) {
            if (area.y < view.contentY)
                view.contentY = Math.max(0, area.y);
            else if (area.y + area.height > view.contentY + view.height)
                view.contentY = area.y + area.height - view.height;
            const left = area.x + gutter.width + Theme.space2;
            if (left < view.contentX + gutter.width + Theme.space4)
                view.contentX = Math.max(0, left - gutter.width - Theme.space4);
            else if (left + Theme.space4 > view.contentX + view.width)
                view.contentX = left + Theme.space4 - view.width;
        }

        x: 2
        y: 7
        width: root.width - 4
        height: box.height - 14 - 20
        clip: true
        contentWidth: Math.max(view.width, gutter.width + Theme.space2 + edit.implicitWidth + Theme.space4)
        contentHeight: Math.max(view.height, edit.implicitHeight)
        boundsBehavior: Flickable.StopAtBounds

        Rectangle {
            objectName: "errorLine"
            y: (root.errorLine - 1) * root.lineHeight
            width: view.contentWidth
            height: root.lineHeight
            visible: root.errorLine > 0
            color: Theme.failureSoft
        }

        Text {
            id: gutter

            x: view.contentX
            z: 1
            width: Math.max(34, gutter.implicitWidth + Theme.space3)
            rightPadding: Theme.space2
            text: script.lineNumbers
            color: Theme.text3
            horizontalAlignment: Text.AlignRight
            font: edit.font
            textFormat: Text.PlainText
            Accessible.ignored: true

            Rectangle {
                z: -1
                width: gutter.width
                height: view.contentHeight
                color: box.color
            }
        }

        TextEdit {
            id: edit

            objectName: "scriptText"
            x: gutter.width + Theme.space2
            width: Math.max(view.width - edit.x, edit.implicitWidth)
            height: view.contentHeight
            focus: true
            readOnly: root.readOnly
            selectByMouse: true
            persistentSelection: true
            textFormat: TextEdit.PlainText
            wrapMode: TextEdit.NoWrap
            color: Theme.text
            selectionColor: Theme.fill
            selectedTextColor: Theme.textOnFill
            font.family: Theme.mono
            font.pixelSize: Theme.codeSize
            font.preferShaping: false
            Accessible.role: Accessible.EditableText
            Accessible.name: root.name
            Accessible.description: qsTr("Tab indents; Escape, then Tab, leaves the field")
            Accessible.multiLine: true
            onCursorRectangleChanged: view.reveal(edit.cursorRectangle)
            onTextChanged: {
                if (edit.activeFocus && edit.text !== root.text)
                    root.typed(edit.text);
            }
            KeyNavigation.priority: KeyNavigation.BeforeItem
            Keys.onTabPressed: {
                if (root.leaving || root.readOnly)
                    edit.nextItemInFocusChain(true)?.forceActiveFocus(Qt.TabFocusReason);
                else
                    script.indent(edit.selectionStart, edit.selectionEnd);
            }
            Keys.onBacktabPressed: {
                if (root.leaving || root.readOnly)
                    edit.nextItemInFocusChain(false)?.forceActiveFocus(Qt.BacktabFocusReason);
                else
                    script.outdent(edit.selectionStart, edit.selectionEnd);
            }
            Keys.onReturnPressed: event => {
                event.accepted = !root.readOnly;
                if (!root.readOnly)
                    script.breakLine(edit.selectionStart, edit.selectionEnd);
            }
            Keys.onEscapePressed: root.leaving = true
            // The window has this key, too: to the next hit of its search.
            Keys.onShortcutOverride: event => event.accepted = event.key === Qt.Key_F3
            Keys.onPressed: event => {
                if (event.key === Qt.Key_F && event.modifiers === Qt.ControlModifier) {
                    bar.visible = true;
                    bar.begin();
                    event.accepted = true;
                } else if (event.key === Qt.Key_F3) {
                    root.findNext((event.modifiers & Qt.ShiftModifier) !== 0);
                    event.accepted = true;
                } else if (event.text !== "") {
                    root.leaving = false;
                }
            }
            onActiveFocusChanged: root.leaving = false
        }
    }

    WheelScroll {
        parent: view
        enabled: view.contentHeight > view.height
        onScrolled: pixels => view.contentY = Math.max(0, Math.min(view.contentHeight - view.height, view.contentY + pixels))
    }

    PlainLabel {
        anchors.left: box.left
        anchors.leftMargin: 10
        anchors.bottom: box.bottom
        anchors.bottomMargin: 5
        width: place.x - x - Theme.space2
        elide: Text.ElideRight
        visible: edit.activeFocus && !root.readOnly
        text: root.leaving ? qsTr("Tab leaves the field") : qsTr("Ctrl+F finds; Escape, then Tab, leaves")
        color: Theme.text3
        font.pixelSize: Theme.metaSize
        textFormat: Text.PlainText
    }

    PlainLabel {
        id: place

        anchors.right: box.right
        anchors.rightMargin: 10
        anchors.bottom: box.bottom
        anchors.bottomMargin: 5
        text: qsTr("line %1 of %2").arg(script.lineOf(edit.cursorPosition)).arg(edit.lineCount)
        color: Theme.text3
        font.pixelSize: Theme.metaSize
        textFormat: Text.PlainText
    }

    ScriptFind {
        id: bar

        anchors.top: box.bottom
        anchors.topMargin: Theme.space1
        width: root.width
        visible: false
        onWanted: backward => root.findNext(backward)
        onClosed: {
            bar.visible = false;
            edit.forceActiveFocus(Qt.OtherFocusReason);
        }
    }
}
