// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// Other arguments for the call: the text, what is wrong with it, and beside it what differs from the model's.
FocusScope {
    id: root

    required property PendingApprovals approvals

    readonly property ArgumentsEdit edit: root.approvals.edit
    readonly property bool wide: root.width >= 720
    readonly property real column: root.wide ? (root.width - 3 * Theme.space5) / 2 : root.width - 2 * Theme.space5

    onVisibleChanged: {
        if (root.visible)
            words.forceActiveFocus(Qt.OtherFocusReason);
    }
    Keys.onEscapePressed: root.edit.close()

    Rectangle {
        id: paper

        x: Theme.space5
        width: root.column
        height: root.wide ? root.height - note.height - Theme.space3 : (root.height - note.height) * 0.55
        radius: Theme.controlRadius
        color: Theme.raised
        border.color: root.edit.problem !== "" ? Theme.failure : words.activeFocus ? Theme.accent : Theme.lineStrong
        border.width: words.activeFocus ? 2 : 1

        PageScroll {
            id: scroll

            anchors.fill: parent
            anchors.margins: 2
            contentHeight: words.height + 2 * Theme.space2

            TextEdit {
                id: words

                objectName: "editedArguments"
                x: Theme.space2
                y: Theme.space2
                width: scroll.width - 2 * Theme.space3
                focus: true
                text: root.edit.text
                textFormat: TextEdit.PlainText
                wrapMode: TextEdit.WrapAnywhere
                selectByMouse: true
                color: Theme.text
                selectionColor: Theme.fill
                selectedTextColor: Theme.textOnFill
                font.family: Theme.mono
                font.pixelSize: Theme.codeSize
                font.preferShaping: false
                Accessible.role: Accessible.EditableText
                Accessible.name: qsTr("Other arguments")
                Accessible.multiLine: true
                onTextChanged: root.edit.text = words.text
                onCursorRectangleChanged: {
                    const y = words.cursorRectangle.y + words.y;
                    if (y < scroll.contentY)
                        scroll.scrollTo(y);
                    else if (y + words.cursorRectangle.height > scroll.contentY + scroll.height)
                        scroll.scrollTo(y + words.cursorRectangle.height - scroll.height + Theme.space2);
                }
                Keys.onTabPressed: words.nextItemInFocusChain(true).forceActiveFocus(Qt.TabFocusReason)
                Keys.onBacktabPressed: words.nextItemInFocusChain(false).forceActiveFocus(Qt.BacktabFocusReason)
            }
        }
    }

    Column {
        id: note

        x: Theme.space5
        anchors.top: paper.bottom
        anchors.topMargin: Theme.space2
        width: root.column
        spacing: Theme.space2

        Item {
            width: parent.width
            height: Theme.button

            PlainLabel {
                id: standing

                objectName: "editProblem"
                anchors.left: parent.left
                anchors.right: back.left
                anchors.rightMargin: Theme.space2
                anchors.verticalCenter: parent.verticalCenter
                text: root.edit.problem !== "" ? root.edit.problem : root.edit.ready ? qsTr("These can be given.") : qsTr("Nothing is changed yet.")
                color: root.edit.problem !== "" ? Theme.failure : Theme.text2
                wrapMode: Text.Wrap
                maximumLineCount: 2
                elide: Text.ElideRight
                font.pixelSize: Theme.secondarySize
                textFormat: Text.PlainText
                Accessible.role: Accessible.StaticText
                Accessible.name: standing.text
            }

            PushButton {
                id: back

                objectName: "stopEditing"
                anchors.right: parent.right
                glyph: "undo"
                text: qsTr("Drop the changes")
                onClicked: root.edit.close()
            }
        }

        CallWarnings {
            width: parent.width
            warnings: root.edit.warnings
        }
    }

    ListView {
        id: changes

        objectName: "changedLines"
        x: root.wide ? paper.x + paper.width + Theme.space5 : Theme.space5
        y: root.wide ? 0 : note.y + note.height + Theme.space2
        width: root.column
        height: root.height - changes.y
        clip: true
        boundsBehavior: Flickable.StopAtBounds
        reuseItems: true
        model: root.edit.changes
        Accessible.role: Accessible.List
        Accessible.name: qsTr("What is changed")
        delegate: ChangedLine {
            width: changes.width
        }

        WheelScroll {
            onScrolled: pixels => changes.contentY = Math.max(changes.originY, Math.min(changes.originY + changes.contentHeight - changes.height, changes.contentY + pixels))
        }

        PlainLabel {
            anchors.centerIn: parent
            visible: changes.count === 0
            text: qsTr("What you change is shown here.")
            color: Theme.text3
            font.pixelSize: Theme.secondarySize
            textFormat: Text.PlainText
        }
    }
}
