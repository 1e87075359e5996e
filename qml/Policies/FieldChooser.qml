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
            countsLines: true
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
        delegate: Item {
            id: entry

            required property int index
            required property int level
            required property string title

            width: root.rowWidth
            implicitHeight: 40

            Rule {
                x: 18 * entry.level
                y: 2
                width: parent.width - x
            }

            PlainLabel {
                x: 18 * entry.level
                anchors.verticalCenter: parent.verticalCenter
                text: entry.title
                font.weight: Font.DemiBold
                textFormat: Text.PlainText
            }

            PushButton {
                anchors.right: parent.right
                anchors.verticalCenter: parent.verticalCenter
                visible: !root.readOnly
                glyph: "trash"
                text: qsTr("Remove")
                Accessible.name: qsTr("Remove %1").arg(entry.title)
                onClicked: root.form.removeEntry(entry.index)
            }
        }
    }

    component LongLine: FormLine {
        id: lines

        required property string value
        required property string placeholder
        property alias leastLines: field.leastLines
        property alias countsLines: field.countsLines

        width: root.rowWidth
        readOnly: root.readOnly

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
