// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Desktop
import Luthien.Theme

// What the keys do in a conversation, and where they lead. Plain letters work because nothing can be typed there.
Item {
    id: root

    required property ConversationModel conversation
    required property real pageHeight

    /// The keyboard was used since the pointer was: it shows where it is.
    property bool used: true

    readonly property ReadingCursor reader: root.conversation.cursor

    // The view acts on them: a component that knew the view could not be part of it.
    signal scrolled(real pixels)
    signal newestWanted
    signal rowWanted(int row, bool landed)
    signal requestWanted(string callId)
    signal linkPressed(string address)
    signal copyWanted
    signal findWanted

    function scroll(key: int, text: string, modifiers: int): bool {
        if (key === Qt.Key_PageDown)
            root.scrolled(root.pageHeight);
        else if (key === Qt.Key_PageUp)
            root.scrolled(-root.pageHeight);
        else if (key === Qt.Key_Home || text === "g")
            root.conversation.jumpTo(0);
        else if (key === Qt.Key_End || text === "G")
            root.newestWanted();
        else if (key === Qt.Key_Down && modifiers & Qt.ShiftModifier)
            root.conversation.selection.extendBy(1);
        else if (key === Qt.Key_Up && modifiers & Qt.ShiftModifier)
            root.conversation.selection.extendBy(-1);
        else if (key === Qt.Key_Down)
            root.scrolled(Theme.wheelStep);
        else if (key === Qt.Key_Up)
            root.scrolled(-Theme.wheelStep);
        else
            return false;
        return true;
    }

    function jump(text: string): bool {
        if (text === "j" || text === "k")
            root.reader.step(text === "j" ? 1 : -1);
        else if (text === "]" || text === "[")
            root.reader.jump(ReadingCursor.Turn, text === "]");
        else if (text === "t" || text === "T")
            root.reader.jump(ReadingCursor.Tool, text === "t");
        else if (text === "d" || text === "D")
            root.reader.jump(ReadingCursor.Decision, text === "d");
        else
            return false;
        return true;
    }

    function act(key: int, text: string): bool {
        const row = root.reader.row;
        if (key === Qt.Key_Space && row < 0)
            root.scrolled(root.pageHeight);
        else if (key === Qt.Key_Return || key === Qt.Key_Enter || key === Qt.Key_Space)
            root.conversation.toggle(row);
        else if (text === "w")
            root.conversation.toggleWritten(row);
        else if (text === "r" && row >= 0)
            root.requestWanted(root.conversation.callIdAt(row));
        else if (text === "l")
            root.linkPressed(root.conversation.linkAt(row, -1));
        else if (key === Qt.Key_Escape && !root.conversation.selection.empty)
            root.conversation.selection.clear();
        else
            return false;
        return true;
    }

    Keys.onPressed: event => {
        const isPlain = (event.modifiers & (Qt.ControlModifier | Qt.AltModifier | Qt.MetaModifier)) === 0;
        event.accepted = true;
        if (event.matches(StandardKey.Copy))
            root.copyWanted();
        else if (event.matches(StandardKey.SelectAll))
            root.conversation.selectTurn();
        else if (event.matches(StandardKey.Find))
            root.findWanted();
        else
            event.accepted = isPlain && (root.scroll(event.key, event.text, event.modifiers) || root.jump(event.text) || root.act(event.key, event.text));
        root.used = root.used || event.accepted || event.key === Qt.Key_Tab || event.key === Qt.Key_Backtab;
    }

    Connections {
        target: root.reader
        function onWanted(row: int, landed: bool) {
            root.rowWanted(row, landed);
        }
    }
}
