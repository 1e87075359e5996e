// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// A JSON text as a tree that can be walked, searched and copied from; any other text as its lines.
FocusScope {
    id: root

    required property JsonTreeModel tree
    required property Clipboard clipboard
    required property string name
    property bool searchable: true
    readonly property int currentRow: list.currentRow

    function find() {
        if (root.searchable)
            search.take();
    }

    function pressed(key: int, modifiers: int): bool {
        const row = list.currentRow;
        if (modifiers & Qt.ControlModifier)
            return root.pressedWithControl(key);
        if (key === Qt.Key_Right && root.tree.isExpandable(row) && !root.tree.isExpanded(row))
            root.tree.toggle(row);
        else if (key === Qt.Key_Right)
            list.goTo(row + 1);
        else if (key === Qt.Key_Left && root.tree.isExpanded(row))
            root.tree.toggle(row);
        else if (key === Qt.Key_Left)
            list.goTo(Math.max(0, root.tree.parentOf(row)));
        else if (key === Qt.Key_Asterisk)
            root.tree.expandAll(row);
        else
            return false;
        return true;
    }

    function pressedWithControl(key: int): bool {
        if (key === Qt.Key_C)
            root.clipboard.copy(root.tree.valueOf(list.currentRow));
        else if (key === Qt.Key_F && root.searchable)
            root.find();
        else
            return false;
        return true;
    }

    // Lines of text are cut where there is room for no more.
    FontMetrics {
        id: metrics

        font.family: Theme.mono
        font.pixelSize: Theme.codeSize
    }

    Binding {
        target: root.tree
        property: "columns"
        value: Math.floor((root.width - 48) / Math.max(1, metrics.averageCharacterWidth))
        when: root.width > 0
    }

    JsonSearch {
        id: search

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.leftMargin: 20
        anchors.rightMargin: 20
        height: root.searchable && !root.tree.empty ? search.implicitHeight : 0
        visible: search.height > 0
        tree: root.tree
        onClosed: list.forceActiveFocus(Qt.OtherFocusReason)
    }

    PlainLabel {
        id: fault

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: search.bottom
        anchors.margins: 12
        anchors.topMargin: fault.visible ? 6 : 0
        height: fault.visible ? fault.implicitHeight : 0
        visible: root.tree.problem !== ""
        text: root.tree.problem
        color: Theme.block
        wrapMode: Text.Wrap
        font.pixelSize: Theme.secondarySize
        textFormat: Text.PlainText
    }

    LineList {
        id: list

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: fault.bottom
        anchors.topMargin: 4
        anchors.bottom: path.top
        focus: true
        rows: RowWindowModel {
            source: root.tree
        }
        Accessible.role: Accessible.Tree
        Accessible.name: root.name
        onActivated: root.tree.toggle(list.currentRow)
        // The list has moved by then, if the key moves.
        Keys.onPressed: event => {
            event.accepted = event.accepted || root.pressed(event.key, event.modifiers);
        }
        delegate: JsonLine {
            id: line

            required property int row
            required property bool present

            y: Math.round((line.row - list.topRow) * list.rowHeight)
            width: list.width
            height: list.rowHeight
            visible: line.present
            // Without a path below it a mark says nothing until the keyboard is there.
            current: line.row === list.currentRow && (root.searchable || list.activeFocus)
            focused: list.activeFocus
            found: line.row === root.tree.hitRow
            wrong: line.row === root.tree.problemRow
            onChosen: {
                list.goTo(line.row);
                list.forceActiveFocus(Qt.MouseFocusReason);
            }
            onToggled: root.tree.toggle(line.row)
        }
    }

    FocusRing {
        anchors.fill: list
        anchors.margins: 1
        shown: list.activeFocus
    }

    PlainLabel {
        anchors.centerIn: list
        visible: root.tree.busy && list.rows.total === 0
        text: qsTr("Reading…")
        color: Theme.text3
        textFormat: Text.PlainText
    }

    Row {
        id: path

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        anchors.leftMargin: 20
        anchors.rightMargin: 20
        height: root.tree.empty || !root.searchable ? 0 : 34
        visible: path.height > 0
        spacing: 6

        CodeText {
            anchors.verticalCenter: parent.verticalCenter
            width: path.width - copyPath.width - copyValue.width - 2 * path.spacing
            text: list.rows.total > 0 ? root.tree.pointerOf(list.currentRow) : ""
            color: Theme.text3
            elide: Text.ElideMiddle
            textFormat: Text.PlainText
        }

        PushButton {
            id: copyPath

            anchors.verticalCenter: parent.verticalCenter
            text: qsTr("Copy path")
            onClicked: root.clipboard.copy(root.tree.pointerOf(list.currentRow))
        }

        PushButton {
            id: copyValue

            anchors.verticalCenter: parent.verticalCenter
            text: qsTr("Copy value")
            onClicked: root.clipboard.copy(root.tree.valueOf(list.currentRow))
        }
    }

    Connections {
        target: root.tree
        function onHitsChanged() {
            if (root.tree.hitRow >= 0)
                list.goTo(root.tree.hitRow);
        }
        function onModelReset() {
            list.currentRow = 0;
            list.scrollTo(0);
        }
    }
}
