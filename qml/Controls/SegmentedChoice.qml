// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Theme

// A few words of which one counts. Tab reaches the one that does; the arrows only go to the others, for what counts may
// be more than a stray key should change: Space and Return choose.
FocusScope {
    id: root

    required property list<string> words
    property list<string> glyphs
    property int current: -1
    property string name: ""
    property list<color> tints
    property list<color> fills

    /// Of all words in one line; given less room, they go on in the next one.
    readonly property real wholeWidth: {
        let sum = 0;
        for (let i = 0; i < segments.count; ++i)
            sum += segments.itemAt(i)?.implicitWidth ?? 0;
        return Math.ceil(sum);
    }

    signal chosen(int index)

    function go(index: int) {
        const segment = segments.itemAt(index) as Segment;
        if (segment)
            segment.forceActiveFocus(Qt.TabFocusReason);
    }

    // Where the keyboard comes in again: at the one that counts, not where somebody has looked around.
    function rest() {
        const segment = segments.itemAt(Math.max(0, root.current));
        if (segment === null || root.activeFocus)
            return;
        segment.focus = true;
    }

    implicitWidth: root.wholeWidth + 4
    implicitHeight: row.implicitHeight + 4
    Accessible.role: Accessible.Grouping
    Accessible.name: root.name
    onCurrentChanged: root.rest()
    onActiveFocusChanged: root.rest()

    Rectangle {
        anchors.fill: parent
        radius: Theme.controlRadius + 1
        color: Theme.inset
        border.color: Theme.line
    }

    Flow {
        id: row

        x: 2
        y: 2
        width: root.width - 4

        Repeater {
            id: segments

            model: root.words
            onItemAdded: index => {
                if (index === Math.max(0, root.current))
                    root.rest();
            }
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
                activeFocusOnTab: segment.focus
                Accessible.name: root.name === "" ? segment.text : root.name + ": " + segment.text
                onClicked: root.chosen(segment.index)
                Keys.onLeftPressed: root.go(segment.index - 1)
                Keys.onRightPressed: root.go(segment.index + 1)
                Keys.onReturnPressed: root.chosen(segment.index)
                Keys.onEnterPressed: root.chosen(segment.index)
            }
        }
    }
}
