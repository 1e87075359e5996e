// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Theme

// One row of the list: the head of a section, or a session.
Item {
    id: root

    required property int row
    required property bool present
    required property bool head
    required property string sessionId
    required property string title
    required property string detail
    required property string facts
    required property string time
    required property string status
    required property bool ready
    required property bool live
    required property bool failed
    required property bool pinned
    required property string note
    required property int blocks
    required property int replaces
    required property int holds
    required property int shadows
    property bool current: false
    property bool marked: false
    property bool focused: false
    property bool editing: false

    signal chosen(int modifiers)
    signal menuWanted(point at)
    signal labelled(string label)
    signal editingLeft

    implicitHeight: root.head ? Theme.sectionHead : Theme.sessionRow
    height: root.implicitHeight
    visible: root.present

    SectionHead {
        anchors.left: parent.left
        anchors.right: parent.right
        visible: root.head
        title: root.title
        count: root.detail
    }

    SessionRow {
        anchors.fill: parent
        visible: !root.head
        title: root.title
        detail: root.detail
        facts: root.facts
        time: root.time
        status: root.status
        ready: root.ready
        live: root.live
        failed: root.failed
        pinned: root.pinned
        note: root.note
        blocks: root.blocks
        replaces: root.replaces
        holds: root.holds
        shadows: root.shadows
        current: root.current
        marked: root.marked
        focused: root.focused
        editing: root.editing
        onChosen: modifiers => root.chosen(modifiers)
        onMenuWanted: at => root.menuWanted(at)
        onLabelled: label => root.labelled(label)
        onEditingLeft: root.editingLeft()
    }
}
