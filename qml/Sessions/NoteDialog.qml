// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop

// A person's own words about a session.
DialogFrame {
    id: root

    required property SessionActions actions
    property string draft: ""

    onAboutToShow: root.draft = root.actions.note

    contentItem: NoteForm {
        draft: root.draft
        onTyped: text => root.draft = text
        onAbandoned: root.close()
        onKept: {
            root.close();
            root.actions.setNote(root.draft);
        }
    }
}
