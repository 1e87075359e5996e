// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls

// Closing ends the proxy and with it every stream that runs through it: asked once.
DialogFrame {
    id: root

    required property int liveStreams

    signal confirmed

    contentItem: CloseQuestionText {
        liveStreams: root.liveStreams
        onStayChosen: root.close()
        onCloseChosen: root.confirmed()
    }
}
