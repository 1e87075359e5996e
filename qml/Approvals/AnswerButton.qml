// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls

// Gives an answer, but not to a press that was meant for something else: one that began before it was ready is not
// taken, nor is one that it began to be ready for and that ends after the question has changed.
PushButton {
    id: root

    property bool ready: false

    enabled: root.ready
    opacity: root.enabled ? 1 : 0.5
    // Qt 6.4 does not tell assistive technology that a button is disabled.
    Accessible.description: root.ready ? "" : qsTr("Takes no press yet")
}
