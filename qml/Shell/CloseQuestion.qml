// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls

// Closing ends the proxy and with it every stream that runs through it, and drops what is not saved: asked once.
DialogFrame {
    id: root

    required property int liveStreams
    /// Changes of a policy that are not saved.
    property bool unsaved: false

    signal confirmed

    contentItem: CloseQuestionText {
        liveStreams: root.liveStreams
        unsaved: root.unsaved
        onStayChosen: root.close()
        onCloseChosen: root.confirmed()
    }
}
