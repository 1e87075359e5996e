// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Theme

// A few words of which one counts. Tab reaches the one that does, the arrows go to the others.
FocusScope {
    id: root

    required property list<string> words
    property list<string> glyphs
    property int current: -1
    property string name: ""
    property list<color> tints
    property list<color> fills

    signal chosen(int index)

    function choose(index: int) {
        if (index < 0 || index >= root.words.length || index === root.current)
            return;
        root.chosen(index);
        const segment = segments.itemAt(index) as Segment;
        if (segment)
            segment.forceActiveFocus(Qt.TabFocusReason);
    }

    implicitWidth: row.implicitWidth + 4
    implicitHeight: Theme.button + 4
    Accessible.role: Accessible.Grouping
    Accessible.name: root.name

    Rectangle {
        anchors.fill: parent
        radius: Theme.controlRadius + 1
        color: Theme.inset
        border.color: Theme.line
    }

    Row {
        id: row

        x: 2
        y: 2

        Repeater {
            id: segments

            model: root.words
            delegate: Segment {
                id: segment

                required property int index
                required property string modelData

                text: segment.modelData
                objectName: root.objectName + "." + segment.index
                glyph: segment.index < root.glyphs.length ? root.glyphs[segment.index] : ""
                tint: segment.index < root.tints.length ? root.tints[segment.index] : Theme.accent
                fill: segment.index < root.fills.length ? root.fills[segment.index] : Theme.selected
                checkable: false
                checked: segment.index === root.current
                focus: segment.checked || (root.current < 0 && segment.index === 0)
                activeFocusOnTab: segment.focus
                Accessible.name: root.name === "" ? segment.text : root.name + ": " + segment.text
                onClicked: root.chosen(segment.index)
                Keys.onLeftPressed: root.choose(segment.index - 1)
                Keys.onRightPressed: root.choose(segment.index + 1)
                Keys.onReturnPressed: root.chosen(segment.index)
                Keys.onEnterPressed: root.chosen(segment.index)
            }
        }
    }
}
