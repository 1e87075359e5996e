// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// Every text with the words that are looked for, newest first; Return leads to the call it stands in.
FocusScope {
    id: root

    required property SearchModel search
    required property FilterInput filter
    readonly property int rowHeight: 74
    property int currentRow: -1

    signal callWanted(string sessionId, string callId)

    /// Where words are typed.
    function searchNow() {
        words.forceActiveFocus(Qt.ShortcutFocusReason);
        words.selectAll();
    }

    function choose(row: int) {
        if (root.search.count === 0)
            return;
        root.currentRow = Math.max(0, Math.min(root.search.count - 1, row));
        hits.ensureVisible(root.currentRow);
    }

    /// Opens the hit so many further down, also from the conversation it led to.
    function walk(step: int) {
        root.choose(root.currentRow + step);
        root.search.open(root.currentRow);
    }

    function press(event: KeyEvent) {
        const page = Math.max(1, Math.floor(hits.visibleRows) - 1);
        event.accepted = true;
        if (event.key === Qt.Key_Down)
            root.choose(root.currentRow + 1);
        else if (event.key === Qt.Key_Up && root.currentRow > 0)
            root.choose(root.currentRow - 1);
        else if (event.key === Qt.Key_PageDown)
            root.choose(root.currentRow + page);
        else if (event.key === Qt.Key_PageUp)
            root.choose(root.currentRow - page);
        else if ((event.key === Qt.Key_Return || event.key === Qt.Key_Enter) && root.currentRow >= 0)
            root.search.open(root.currentRow);
        else if (event.key === Qt.Key_Return || event.key === Qt.Key_Enter)
            root.search.apply();
        else if (event.key === Qt.Key_Escape && root.search.searching)
            root.search.cancel();
        else if (event.key === Qt.Key_Escape && root.search.query !== "")
            words.clearWords();
        else
            event.accepted = false;
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.canvas
    }

    PlainLabel {
        id: heading

        x: Theme.space5
        height: Theme.paneHeader - Theme.space3
        verticalAlignment: Text.AlignVCenter
        text: qsTr("Search")
        font.pixelSize: Theme.titleSize
        font.weight: Font.DemiBold
        textFormat: Text.PlainText
        Accessible.role: Accessible.Heading
        Accessible.name: heading.text
    }

    LineField {
        id: words

        function clearWords() {
            words.clear();
            root.search.query = "";
            root.search.apply();
        }

        anchors.top: heading.bottom
        anchors.left: parent.left
        anchors.leftMargin: Theme.space5
        width: Math.min(640, (parent.width - 2 * Theme.space5 - Theme.space3) * 0.55)
        height: 32
        focus: true
        leftPadding: 32
        wrong: root.search.error !== ""
        text: root.search.query
        placeholderText: qsTr("Words, \"phrases\", beginnings*")
        Accessible.name: qsTr("Words to search for")
        onTextEdited: {
            root.currentRow = -1;
            root.search.query = words.text;
        }
        Keys.onPressed: event => root.press(event)

        Glyph {
            x: 10
            anchors.verticalCenter: parent.verticalCenter
            name: "search"
            size: 14
            tint: Theme.text3
        }
    }

    FilterField {
        id: only

        anchors.top: words.top
        anchors.left: words.right
        anchors.leftMargin: Theme.space3
        anchors.right: parent.right
        anchors.rightMargin: Theme.space5
        input: root.filter
        name: qsTr("Search only in calls that match this filter")
        placeholderText: qsTr("Only in calls that match…")
        onLeftDown: hits.forceActiveFocus(Qt.TabFocusReason)
        Keys.onEscapePressed: words.forceActiveFocus(Qt.TabFocusReason)
    }

    SearchLine {
        id: line

        anchors.top: words.bottom
        anchors.topMargin: Math.max(Theme.space2, only.implicitHeight - words.height + Theme.space2)
        anchors.left: parent.left
        anchors.leftMargin: Theme.space5
        anchors.right: parent.right
        anchors.rightMargin: Theme.space5
        search: root.search
    }

    Rule {
        id: edge

        anchors.top: line.bottom
        anchors.topMargin: Theme.space2
        width: parent.width
        height: 1
    }

    RowWindow {
        id: hits

        anchors.top: edge.bottom
        anchors.topMargin: Theme.space2
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        activeFocusOnTab: true
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Texts that were found")
        rowHeight: root.rowHeight
        rows: RowWindowModel {
            source: root.search
        }
        onTopRowChanged: root.search.showRows(Math.floor(hits.topRow), Math.ceil(hits.topRow + hits.visibleRows))
        onActiveFocusChanged: {
            if (hits.activeFocus && root.currentRow < 0)
                root.choose(0);
        }
        Keys.onPressed: event => root.press(event)
        delegate: HitRow {
            id: hit

            y: Math.round((hit.row - hits.topRow) * hits.rowHeight)
            width: hits.width
            height: hits.rowHeight
            current: hit.row === root.currentRow
            focused: hit.current && hits.activeFocus
            onChosen: {
                hits.forceActiveFocus(Qt.MouseFocusReason);
                root.choose(hit.row);
            }
            onOpened: {
                root.choose(hit.row);
                root.search.open(hit.row);
            }
        }
    }

    SearchState {
        anchors.top: edge.bottom
        anchors.topMargin: Math.max(Theme.space5, (root.height - edge.y) / 4)
        anchors.horizontalCenter: parent.horizontalCenter
        width: Math.min(480, parent.width - 2 * Theme.space5)
        visible: root.search.count === 0 || root.search.error !== ""
        search: root.search
        filtered: root.filter.text.trim() !== ""
        onWideningWanted: only.clear()
    }

    Connections {
        target: root.search

        function onModelReset() {
            root.currentRow = -1;
            hits.scrollTo(0);
        }

        function onCallWanted(sessionId: string, callId: string) {
            root.callWanted(sessionId, callId);
        }
    }
}
