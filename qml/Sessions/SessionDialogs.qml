// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Desktop

// The menu of the selected sessions, and the two dialogs it leads to.
Item {
    id: root

    required property SessionActions actions
    required property SessionSelection selection
    required property FilterInput input

    signal renameWanted
    signal noteWanted
    signal deletionWanted
    signal exportWanted
    /// None of them is open any more.
    signal lastClosed

    function openMenu(item: Item, x: real, y: real) {
        menu.openAt(item, x, y);
    }

    function takeNote() {
        note.open();
    }

    function askToDelete() {
        deletion.open();
    }

    function tellIfLast() {
        if (!menu.opened && !note.opened && !deletion.opened)
            root.lastClosed();
    }

    SessionMenu {
        id: menu

        actions: root.actions
        selection: root.selection
        input: root.input
        onRenameWanted: root.renameWanted()
        onNoteWanted: root.noteWanted()
        onDeletionWanted: root.deletionWanted()
        onExportWanted: root.exportWanted()
        onClosed: root.tellIfLast()
    }

    NoteDialog {
        id: note

        actions: root.actions
        onClosed: root.tellIfLast()
    }

    DeleteQuestion {
        id: deletion

        actions: root.actions
        onClosed: root.tellIfLast()
    }
}
