// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// How long the call that is shown still waits; what comes then is a denial.
PlainLabel {
    id: root

    required property PendingApprovals approvals

    readonly property int seconds: root.approvals.secondsLeft
    readonly property string time: root.seconds < 120 ? qsTr("%1 s").arg(root.seconds) : qsTr("%1 min").arg(Math.floor(root.seconds / 60))

    objectName: "timeLeft"
    text: root.approvals.clockStands ? qsTr("Clock stopped, %1 left").arg(root.time) : qsTr("%1 left, then denied").arg(root.time)
    color: !root.approvals.clockStands && root.seconds <= 10 ? Theme.block : Theme.text2
    font.pixelSize: Theme.secondarySize
    textFormat: Text.PlainText
    Accessible.role: Accessible.StaticText
    Accessible.name: root.text
}
