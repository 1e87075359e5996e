// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Qt.labs.qmlmodels
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// The line of a form for each kind of value.
DelegateChooser {
    id: root

    required property SchemaForm form
    required property real rowWidth
    required property bool readOnly
    /// Where a script is wrong, counted from 1; 0 = nowhere.
    property int scriptLine: 0

    role: "kind"

    DelegateChoice {
        roleValue: SchemaForm.Text
        delegate: TextLine {
        }
    }

    DelegateChoice {
        roleValue: SchemaForm.Number
        delegate: TextLine {
        }
    }

    DelegateChoice {
        roleValue: SchemaForm.Json
        delegate: TextLine {
        }
    }

    DelegateChoice {
        roleValue: SchemaForm.LongText
        delegate: LongLine {
            leastLines: 8
        }
    }

    DelegateChoice {
        roleValue: SchemaForm.Script
        delegate: FormLine {
            id: script

            required property string value
            required property string placeholder

            width: root.rowWidth
            readOnly: root.readOnly
            onResetWanted: root.form.reset(script.index)

            ScriptEditor {
                width: parent.width
                text: script.value
                name: script.label
                readOnly: root.readOnly
                wrong: script.problem !== ""
                errorLine: script.problem !== "" ? root.scriptLine : 0
                onTyped: text => root.form.setText(script.index, text)
            }
        }
    }

    DelegateChoice {
        roleValue: SchemaForm.Lines
        delegate: LongLine {
        }
    }

    DelegateChoice {
        roleValue: SchemaForm.Check
        delegate: FormLine {
            id: check

            required property bool checked

            width: root.rowWidth
            readOnly: root.readOnly
            onResetWanted: root.form.reset(check.index)

            CheckField {
                text: check.label
                checked: check.checked
                enabled: !root.readOnly
                onClicked: root.form.setChecked(check.index, !check.checked)
            }
        }
    }

    DelegateChoice {
        roleValue: SchemaForm.Choice
        delegate: FormLine {
            id: choice

            required property string value
            required property list<string> words

            width: root.rowWidth
            readOnly: root.readOnly
            onResetWanted: root.form.reset(choice.index)

            SegmentedChoice {
                name: choice.label
                words: choice.words
                current: choice.words.indexOf(choice.value)
                enabled: !root.readOnly
                onChosen: index => root.form.setText(choice.index, choice.words[index])
            }
        }
    }

    DelegateChoice {
        roleValue: SchemaForm.Choices
        delegate: FormLine {
            id: choices

            required property list<string> words
            required property list<string> selected

            width: root.rowWidth
            readOnly: root.readOnly
            onResetWanted: root.form.reset(choices.index)

            Grid {
                columns: Math.max(1, Math.floor(choices.width / 190))
                columnSpacing: Theme.space2

                Repeater {
                    model: choices.words
                    delegate: CheckField {
                        id: word

                        required property string modelData

                        width: 182
                        text: word.modelData
                        checked: choices.selected.indexOf(word.modelData) >= 0
                        enabled: !root.readOnly
                        onClicked: root.form.toggleWord(choices.index, word.modelData)
                    }
                }
            }
        }
    }

    DelegateChoice {
        roleValue: SchemaForm.Group
        delegate: FormLine {
            width: root.rowWidth
            readOnly: root.readOnly
        }
    }

    DelegateChoice {
        roleValue: SchemaForm.List
        delegate: FormLine {
            id: list

            width: root.rowWidth
            readOnly: root.readOnly
            onResetWanted: root.form.reset(list.index)

            PushButton {
                // Not by `visible`: that follows the parent, which shows itself by the height of what is in it.
                height: root.readOnly ? 0 : implicitHeight
                visible: !root.readOnly
                objectName: "add." + list.label
                glyph: "plus"
                text: qsTr("Add to %1").arg(list.label)
                onClicked: root.form.addEntry(list.index)
            }
        }
    }

    DelegateChoice {
        roleValue: SchemaForm.Entry
        delegate: EntryLine {
            id: entry

            required property int index

            width: root.rowWidth
            readOnly: root.readOnly
            onRemoveWanted: root.form.removeEntry(entry.index)
        }
    }

    component LongLine: FormLine {
        id: lines

        required property string value
        required property string placeholder
        property alias leastLines: field.leastLines

        width: root.rowWidth
        readOnly: root.readOnly
        onResetWanted: root.form.reset(lines.index)

        LinesField {
            id: field

            width: parent.width
            text: lines.value
            placeholderText: lines.placeholder
            name: lines.label
            readOnly: root.readOnly
            wrong: lines.problem !== ""
            onTyped: text => root.form.setText(lines.index, text)
        }
    }

    component TextLine: FormLine {
        id: line

        required property string value
        required property string placeholder
        required property bool removable

        width: root.rowWidth
        readOnly: root.readOnly
        onResetWanted: root.form.reset(line.index)

        LineField {
            width: parent.width - (line.removable && !root.readOnly ? remove.width + Theme.space2 : 0)
            text: line.value
            placeholderText: line.placeholder
            code: true
            readOnly: root.readOnly
            wrong: line.problem !== ""
            Accessible.name: line.label
            onTextEdited: root.form.setText(line.index, text)
        }

        PushButton {
            id: remove

            anchors.right: parent.right
            visible: line.removable && !root.readOnly
            glyph: "trash"
            text: qsTr("Remove")
            onClicked: root.form.removeEntry(line.index)
        }
    }
}
