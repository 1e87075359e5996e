// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Theme

// A line across the text.
RowItem {
    id: root

    implicitHeight: 21
    Accessible.role: Accessible.Separator
    Accessible.name: qsTr("Divider")

    Rule {
        x: 56
        y: 10
        width: Math.min(860, root.width - 56 - Theme.space5)
        height: 1
    }
}
