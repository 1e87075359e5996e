// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// Where the time of the call went.
PageScroll {
    id: root

    required property CallTiming timing

    contentHeight: column.height
    contentWidth: width
    activeFocusOnTab: true
    Accessible.role: Accessible.Pane
    Accessible.name: qsTr("Timing")

    Column {
        id: column

        x: 20
        width: root.width - 40
        topPadding: 18
        spacing: 10

        PlainLabel {
            width: parent.width
            text: root.timing.total === "" ? qsTr("This call is still running.") : root.timing.total
            font.pixelSize: 22
            font.weight: Font.DemiBold
            textFormat: Text.PlainText
        }

        PlainLabel {
            width: parent.width
            visible: root.timing.total !== ""
            text: root.timing.speed === "" ? qsTr("in all") : qsTr("in all, the reply at %1").arg(root.timing.speed)
            color: Theme.text2
            bottomPadding: 8
            textFormat: Text.PlainText
        }

        Repeater {
            model: root.timing
            delegate: TimingBar {
                width: column.width
            }
        }
    }
}
