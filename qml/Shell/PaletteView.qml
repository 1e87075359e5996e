// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// The field and the list of the palette: commands, and sessions by their title. The keyboard stays in the field; the arrows move in the list.
FocusScope {
    id: root

    required property CommandBook book
    required property SessionTitles sessions
    property real mostHeight: 400

    /// Something was done, or nothing shall be.
    signal done
    signal sessionWanted(string sessionId)

    function begin() {
        field.text = "";
        found.begin();
        rows.currentIndex = 0;
        field.forceActiveFocus(Qt.PopupFocusReason);
    }

    /// What is done may open a window of its own: this one is gone before.
    function take(row: int) {
        const session = found.sessionAt(row);
        const command = found.commandAt(row);
        if (!command && session === "")
            return;
        root.done();
        if (session !== "")
            return root.sessionWanted(session);
        command.trigger();
    }

    function move(step: int) {
        if (found.count > 0)
            rows.currentIndex = (rows.currentIndex + step + found.count) % found.count;
    }

    implicitHeight: Math.min(root.mostHeight, field.height + edge.height + (found.count > 0 ? found.count * Theme.compactRow + 2 * Theme.space1 : nothing.height))
    Accessible.role: Accessible.Dialog
    Accessible.name: qsTr("Commands")
    onVisibleChanged: {
        if (root.visible)
            root.begin();
    }

    PaletteModel {
        id: found

        book: root.book
        sessions: root.sessions
        query: field.text
        onQueryChanged: rows.currentIndex = 0
    }

    Glyph {
        x: Theme.space4
        anchors.verticalCenter: field.verticalCenter
        name: "search"
    }

    LineField {
        id: field

        objectName: "paletteField"
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.leftMargin: Theme.space4 + 18
        height: 48
        focus: true
        font.pixelSize: Theme.messageSize
        placeholderText: qsTr("Do something, or go to a session…")
        Accessible.name: qsTr("Command")
        background: PlainLabel {
            leftPadding: field.leftPadding
            verticalAlignment: Text.AlignVCenter
            visible: field.text === ""
            text: field.placeholderText
            color: Theme.text3
            font: field.font
            textFormat: Text.PlainText
        }
        Keys.onDownPressed: root.move(1)
        Keys.onUpPressed: root.move(-1)
        Keys.onReturnPressed: root.take(rows.currentIndex)
        Keys.onEnterPressed: root.take(rows.currentIndex)
        Keys.onPressed: event => {
            event.accepted = true;
            if (event.key === Qt.Key_PageDown)
                rows.currentIndex = Math.min(found.count - 1, rows.currentIndex + 8);
            else if (event.key === Qt.Key_PageUp)
                rows.currentIndex = Math.max(0, rows.currentIndex - 8);
            else if (event.key === Qt.Key_Tab || event.key === Qt.Key_Backtab)
                root.move(event.key === Qt.Key_Tab ? 1 : -1);
            else
                event.accepted = false;
        }
    }

    Rule {
        id: edge

        anchors.top: field.bottom
        width: parent.width
    }

    ListView {
        id: rows

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.top: edge.bottom
        anchors.bottom: parent.bottom
        anchors.margins: Theme.space1
        clip: true
        model: found
        reuseItems: true
        boundsBehavior: Flickable.StopAtBounds
        highlightMoveDuration: 0
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Commands that fit")
        delegate: PaletteRow {
            id: row

            width: rows.width
            current: row.ListView.isCurrentItem
            onPointed: rows.currentIndex = row.index
            onChosen: root.take(row.index)
        }

        WheelScroll {
            onScrolled: pixels => rows.contentY = Math.max(0, Math.min(rows.contentHeight - rows.height, rows.contentY + pixels))
        }
    }

    PlainLabel {
        id: nothing

        anchors.top: edge.bottom
        width: parent.width
        height: 56
        visible: found.count === 0
        horizontalAlignment: Text.AlignHCenter
        verticalAlignment: Text.AlignVCenter
        text: qsTr("Nothing fits")
        color: Theme.text3
        textFormat: Text.PlainText
    }
}
