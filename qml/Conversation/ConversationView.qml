// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// The rows of the conversation. While its end is on screen it follows what is written; otherwise what is being read
// never moves, whatever comes in above or below.
FocusScope {
    id: root

    required property ConversationModel conversation
    required property Clipboard clipboard

    property bool following: true
    property Item anchor: null
    property real anchorOffset: 0
    readonly property int count: list.count

    function goToNewest() {
        root.following = true;
        root.conversation.jumpToNewest();
        root.showEnd();
    }

    function showEnd() {
        list.positionViewAtEnd();
        list.contentY = root.endY();
    }

    function endY(): real {
        const lowest = list.originY + list.contentHeight - list.height + list.bottomMargin;
        return Math.max(list.originY - list.topMargin, lowest);
    }

    function scrollBy(pixels: real) {
        const end = root.endY();
        list.contentY = Math.max(list.originY - list.topMargin, Math.min(end, list.contentY + pixels));
        root.following = root.conversation.atEnd && list.contentY >= end - 1;
        root.report();
    }

    function report() {
        const first = list.indexAt(list.width / 2, list.contentY);
        const last = list.indexAt(list.width / 2, list.contentY + list.height - 1);
        root.conversation.showRows(first < 0 ? 0 : first, last < 0 ? list.count - 1 : last);
    }

    function keepEnd() {
        if (root.following)
            root.showEnd();
    }

    ListView {
        id: list

        anchors.fill: parent
        focus: true
        activeFocusOnTab: true
        clip: true
        reuseItems: true
        cacheBuffer: 400
        topMargin: Theme.space3
        bottomMargin: 56
        boundsBehavior: Flickable.StopAtBounds
        model: root.conversation
        delegate: BlockChooser {
            rowWidth: list.width
            onToggled: row => root.conversation.toggle(row)
            onCopyWanted: row => root.clipboard.copy(root.conversation.textOf(row))
        }
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Conversation")
        onContentHeightChanged: root.keepEnd()
        onHeightChanged: root.keepEnd()
        onMovementEnded: root.scrollBy(0)
        onCountChanged: laterReport.restart()
        Keys.onPressed: event => {
            event.accepted = true;
            if (event.key === Qt.Key_Down || event.key === Qt.Key_J)
                root.scrollBy(Theme.wheelStep);
            else if (event.key === Qt.Key_Up || event.key === Qt.Key_K)
                root.scrollBy(-Theme.wheelStep);
            else if (event.key === Qt.Key_PageDown || event.key === Qt.Key_Space)
                root.scrollBy(list.height - Theme.wheelStep);
            else if (event.key === Qt.Key_PageUp)
                root.scrollBy(Theme.wheelStep - list.height);
            else if (event.key === Qt.Key_Home)
                root.conversation.jumpTo(0);
            else if (event.key === Qt.Key_End)
                root.goToNewest();
            else
                event.accepted = false;
        }

        WheelScroll {
            onScrolled: pixels => root.scrollBy(pixels)
        }
    }

    FocusRing {
        anchors.margins: 1
        shown: root.Window.activeFocusItem === list
    }

    IndexScrollBar {
        anchors.right: parent.right
        anchors.top: parent.top
        anchors.bottom: parent.bottom
        position: root.conversation.position
        size: root.conversation.visibleShare
        onMoved: position => {
            root.following = false;
            root.conversation.jumpTo(position / Math.max(0.001, 1 - root.conversation.visibleShare));
        }
    }

    // Once the rows that came are laid out.
    Timer {
        id: laterReport

        interval: 0
        onTriggered: root.report()
    }

    Connections {
        target: root.conversation
        function onJumped(toEnd: bool) {
            root.following = toEnd;
            if (toEnd)
                root.showEnd();
            else
                list.positionViewAtBeginning();
        }
        function onAboutToSlide() {
            root.anchor = list.itemAt(list.width / 2, list.contentY + 1);
            root.anchorOffset = root.anchor ? root.anchor.y - list.contentY : 0;
        }
        function onSlid() {
            list.forceLayout();
            if (root.following)
                root.showEnd();
            else if (root.anchor)
                list.contentY = root.anchor.y - root.anchorOffset;
            root.anchor = null;
        }
    }
}
