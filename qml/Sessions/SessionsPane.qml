// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Desktop
import Luthien.Theme

// The list of sessions with what narrows it down. What is open and what is selected are sessions' ids: rows may move
// under them.
FocusScope {
    id: root

    required property SessionsModel sessions
    required property SessionSelection selection
    required property SessionActions actions
    required property FilterInput input
    required property SavedFilters savedFilters
    property string currentId: ""
    property string editingId: ""
    property bool byKeyboard: false

    signal chosen(string sessionId)
    signal exportWanted(string sessionId)

    /// Where a filter is typed; "/" leads here.
    function filterNow() {
        above.filterNow();
    }

    function chooseRow(row: int, extend: bool) {
        const id = root.sessions.idAt(row);
        if (id === "")
            return;
        list.ensureVisible(row);
        if (extend)
            root.selection.extendTo(row);
        else
            root.selection.choose(id);
        root.chosen(id);
    }

    function step(steps: int, extend: bool) {
        const row = root.sessions.rowOf(root.currentId);
        root.chooseRow(row < 0 ? root.sessions.sessionRowNear(0, 0) : root.sessions.sessionRowNear(row, steps), extend);
    }

    // What a key or a button is about: what is selected, else what is open.
    function subject(): bool {
        if (root.selection.count === 0)
            root.selection.choose(root.currentId);
        return root.selection.count > 0;
    }

    function rename() {
        if (root.subject() && root.selection.count === 1)
            root.editingId = root.currentId;
    }

    function takeNote() {
        if (root.subject())
            dialogs.takeNote();
    }

    function remove() {
        if (root.subject() && root.actions.mayRemove())
            dialogs.askToDelete();
    }

    function pin() {
        if (root.subject())
            root.actions.pin(!root.selection.allPinned);
    }

    Rectangle {
        anchors.fill: parent
        color: Theme.panel
    }

    SessionsTop {
        id: above

        anchors.left: parent.left
        anchors.right: parent.right
        sessions: root.sessions
        input: root.input
        savedFilters: root.savedFilters
        onListWanted: list.forceActiveFocus(Qt.TabFocusReason)
    }

    SessionList {
        id: list

        anchors.top: above.bottom
        anchors.topMargin: 6
        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: notice.top
        focus: true
        activeFocusOnTab: true
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Sessions")
        sessions: root.sessions
        delegate: SessionDelegate {
            id: session

            y: Math.round(list.topOf(session.row, list.layout) - list.contentTop)
            width: list.width
            current: session.sessionId !== "" && session.sessionId === root.currentId
            marked: root.selection.count > 1 && root.selection.revision >= 0 && root.selection.contains(session.sessionId)
            focused: session.current && list.activeFocus && root.byKeyboard
            editing: session.sessionId !== "" && session.sessionId === root.editingId
            onChosen: modifiers => {
                root.byKeyboard = false;
                list.forceActiveFocus(Qt.MouseFocusReason);
                if (modifiers & Qt.ControlModifier) {
                    if (root.selection.count === 0)
                        root.selection.choose(root.currentId);
                    root.selection.toggle(session.sessionId);
                } else {
                    root.chooseRow(session.row, (modifiers & Qt.ShiftModifier) !== 0);
                }
            }
            onMenuWanted: at => {
                root.selection.include(session.sessionId);
                dialogs.openMenu(session, at.x, at.y);
            }
            onLabelled: label => {
                root.editingId = "";
                root.actions.label(label);
                list.forceActiveFocus(Qt.OtherFocusReason);
            }
            onEditingLeft: {
                if (root.editingId !== session.sessionId)
                    return;
                root.editingId = "";
                list.forceActiveFocus(Qt.OtherFocusReason);
            }
        }

        Keys.onPressed: event => {
            const extend = (event.modifiers & Qt.ShiftModifier) !== 0;
            event.accepted = true;
            root.byKeyboard = true;
            if (event.matches(StandardKey.Copy)) {
                if (root.subject())
                    root.actions.copyIds();
            } else if (event.matches(StandardKey.Undo))
                root.actions.undo();
            else if (event.matches(StandardKey.Delete))
                root.remove();
            else if (event.key === Qt.Key_Menu || (event.key === Qt.Key_F10 && extend))
                root.openMenu();
            else if (event.key === Qt.Key_F2)
                root.rename();
            else if (event.modifiers & (Qt.ControlModifier | Qt.AltModifier | Qt.MetaModifier))
                event.accepted = false;
            else if (event.key === Qt.Key_Down || event.key === Qt.Key_J)
                root.step(1, extend);
            else if (event.key === Qt.Key_Up || event.key === Qt.Key_K)
                root.step(-1, extend);
            else if (event.key === Qt.Key_PageDown)
                root.step(list.pageRows, extend);
            else if (event.key === Qt.Key_PageUp)
                root.step(-list.pageRows, extend);
            else if (event.key === Qt.Key_Home)
                root.goTo(0, extend);
            else if (event.key === Qt.Key_End)
                root.goTo(root.sessions.rowCount() - 1, extend);
            else if (event.key === Qt.Key_P)
                root.pin();
            else if (event.key === Qt.Key_N)
                root.takeNote();
            else if (event.key === Qt.Key_Escape && root.selection.count > 1)
                root.selection.choose(root.currentId);
            else if (event.key === Qt.Key_Escape && root.sessions.narrowed)
                root.widen();
            else
                event.accepted = false;
        }
    }

    SessionsState {
        anchors.fill: list
        sessions: root.sessions
        onWideningWanted: root.widen()
    }

    NoticeBar {
        id: notice

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: footer.top
        actions: root.actions
    }

    SessionsFooter {
        id: footer

        anchors.left: parent.left
        anchors.right: parent.right
        anchors.bottom: parent.bottom
        sessions: root.sessions
        selection: root.selection
        onMenuWanted: root.openMenu()
    }

    SessionDialogs {
        id: dialogs

        anchors.fill: parent
        actions: root.actions
        selection: root.selection
        input: root.input
        onRenameWanted: root.rename()
        onNoteWanted: root.takeNote()
        onDeletionWanted: root.remove()
        onExportWanted: root.exportWanted(root.currentId)
        onLastClosed: {
            if (root.editingId === "")
                list.forceActiveFocus(Qt.PopupFocusReason);
        }
    }

    // The first or last row; one that is not read yet is shown, and chosen with the next press.
    function goTo(row: int, extend: bool) {
        const target = root.sessions.sessionRowNear(row, 0);
        list.ensureVisible(target);
        root.chooseRow(target, extend);
    }

    function openMenu() {
        if (!root.subject())
            return;
        const row = root.sessions.rowOf(root.currentId);
        const y = row < 0 ? 0 : list.topOf(row, list.layout) - list.contentTop;
        dialogs.openMenu(list, Theme.space5, Math.max(0, Math.min(list.height, y)) + Theme.space5);
    }

    function widen() {
        root.sessions.part = SessionsModel.All;
        above.clear();
    }
}
