// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Luthien.Desktop
import Luthien.Theme

// The proxy's switch and the line for each agent, above the status bar.
T.Popup {
    id: root

    required property ProxyStatus proxy
    required property Agents agents
    required property Clipboard clipboard

    parent: T.Overlay.overlay
    x: Theme.space2
    y: root.parent ? root.parent.height - Theme.statusHeight - root.height - Theme.space1 : 0
    width: 400
    height: root.implicitContentHeight + 2
    padding: 1
    focus: true
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside

    background: Rectangle {
        radius: Theme.cardRadius
        color: Theme.raised
        border.color: Theme.lineStrong
    }
    contentItem: ProxyPanelView {
        proxy: root.proxy
        agents: root.agents
        clipboard: root.clipboard
    }
}
