// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop

// What can be done with the sessions that are selected.
PopupMenu {
    id: root

    required property SessionActions actions
    required property SessionSelection selection
    required property FilterInput input
    readonly property bool single: root.selection.count === 1

    signal renameWanted
    signal noteWanted
    signal deletionWanted
    signal exportWanted

    name: qsTr("What to do with the session")

    MenuRow {
        glyph: "pin"
        text: root.selection.allPinned ? qsTr("Unpin") : qsTr("Pin")
        keys: "P"
        onClicked: {
            root.close();
            root.actions.pin(!root.selection.allPinned);
        }
    }

    MenuRow {
        glyph: "tag"
        text: qsTr("Rename…")
        keys: "F2"
        enabled: root.single
        onClicked: {
            root.close();
            root.renameWanted();
        }
    }

    MenuRow {
        glyph: "note"
        text: qsTr("Note…")
        keys: "N"
        onClicked: {
            root.close();
            root.noteWanted();
        }
    }

    MenuRow {
        glyph: "filter"
        text: qsTr("Only client %1").arg(root.actions.client)
        visible: root.actions.client !== ""
        onClicked: {
            root.close();
            root.input.narrow("client", root.actions.client);
        }
    }

    MenuRow {
        glyph: "filter"
        text: qsTr("Only model %1").arg(root.actions.model)
        visible: root.actions.model !== ""
        onClicked: {
            root.close();
            root.input.narrow("model", root.actions.model);
        }
    }

    MenuRow {
        glyph: "copy"
        text: root.single ? qsTr("Copy id") : qsTr("Copy ids")
        keys: "Ctrl+C"
        onClicked: {
            root.close();
            root.actions.copyIds();
        }
    }

    MenuRow {
        glyph: "export"
        text: qsTr("Export…")
        keys: "Ctrl+E"
        enabled: root.single
        onClicked: {
            root.close();
            root.exportWanted();
        }
    }

    MenuRow {
        glyph: "trash"
        dangerous: true
        text: qsTr("Delete…")
        keys: "Del"
        onClicked: {
            root.close();
            root.deletionWanted();
        }
    }
}
