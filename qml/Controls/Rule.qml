// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Theme

// A hairline between two areas.
Rectangle {
    implicitWidth: 1
    implicitHeight: 1
    color: Theme.line
    Accessible.ignored: true
}
