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
    property int anchorRow: -1
    property real anchorOffset: 0
    readonly property int count: list.count

    signal requestWanted(string callId)
    /// Empty = something else was pressed.
    signal linkPressed(string address)
    signal findWanted

    function goToNewest() {
        root.following = true;
        root.conversation.jumpToNewest();
        root.showEnd();
    }

    function showEnd() {
        if (!root.following)
            return;
        list.positionViewAtEnd();
        list.contentY = root.endY();
    }

    function endY(): real {
        const lowest = list.originY + list.contentHeight - list.height + list.bottomMargin;
        return Math.max(list.originY - list.topMargin, lowest);
    }

    function scrollBy(pixels: real) {
        // To move makes the list guess its height anew; whoever follows would be pulled back by that.
        root.following = false;
        list.contentY = Math.max(list.originY - list.topMargin, Math.min(root.endY(), list.contentY + pixels));
        root.following = root.conversation.atEnd && list.contentY >= root.endY() - Theme.followWithin;
        root.report();
    }

    function report() {
        const first = list.indexAt(list.width / 2, list.contentY);
        const last = list.indexAt(list.width / 2, list.contentY + list.height - 1);
        root.conversation.showRows(first < 0 ? 0 : first, last < 0 ? list.count - 1 : last);
    }

    /// Brings a row on screen; landed = into the middle, and marked for a moment.
    function show(row: int, landed: bool) {
        root.following = false;
        list.positionViewAtIndex(row, landed ? ListView.Center : ListView.Contain);
        list.forceLayout();
        root.scrollBy(0);
        if (landed)
            flash.show(list.itemAtIndex(row));
    }

    function keepAt(row: int, offset: real) {
        // Pushed far enough away, its item shows another row now.
        if (!list.itemAtIndex(row))
            list.positionViewAtIndex(row, ListView.Beginning);
        list.contentY = list.itemAtIndex(row).y - offset;
    }

    function copy() {
        const text = root.conversation.selection.empty ? root.conversation.textOf(root.conversation.cursor.row) : root.conversation.selection.text();
        if (text !== "")
            root.clipboard.copy(text);
    }

    function placeAt(row: int, x: real, y: real): int {
        const item = list.itemAtIndex(row) as RowItem;
        return item ? item.placeAt(x - item.x, y + list.contentY - item.y) : 0;
    }

    function rowAt(y: real): int {
        const inside = Math.max(0, Math.min(list.height - 1, y));
        const row = list.indexAt(list.width / 2, list.contentY + inside);
        return row < 0 ? list.count - 1 : row;
    }

    /// taps: 0 = held down and moved on.
    function press(scene: point, goesOn: bool, taps: int) {
        const point = list.mapFromItem(null, scene.x, scene.y);
        const row = root.rowAt(point.y);
        const at = root.placeAt(row, point.x, point.y);
        list.forceActiveFocus(Qt.MouseFocusReason);
        keys.used = false;
        if (goesOn)
            return root.conversation.selection.extend(row, at);
        if (taps === 2)
            return root.conversation.selection.selectWord(row, at);
        if (taps === 3)
            return root.conversation.selection.selectRows(row, row);
        root.conversation.selection.start(row, at);
        if (taps === 0) {
            root.following = false; // what is being marked does not move away
            return;
        }
        root.conversation.cursor.rest(row);
        root.linkPressed(root.conversation.linkAt(row, at));
    }

    function reach(x: real, y: real) {
        root.conversation.selection.extend(root.rowAt(y), root.placeAt(root.rowAt(y), x, Math.max(0, Math.min(list.height - 1, y))));
    }

    ListView {
        id: list

        anchors.fill: parent
        focus: true
        activeFocusOnTab: true
        currentIndex: -1 // its keyboard is no row's
        clip: true
        reuseItems: true
        interactive: false
        cacheBuffer: 400
        topMargin: Theme.space3
        bottomMargin: 56
        model: root.conversation
        delegate: BlockChooser {
            rowWidth: list.width
            onToggled: row => root.conversation.toggle(row)
            onCopyWanted: row => root.clipboard.copy(root.conversation.textOf(row))
            onWrittenWanted: row => root.conversation.toggleWritten(row)
            onRequestWanted: row => root.requestWanted(root.conversation.callIdAt(row))
            onAgentWanted: row => root.conversation.showAgentAt(row)
            onCompareWanted: (row, comparison) => root.conversation.compare(row, comparison)
        }
        Accessible.role: Accessible.List
        Accessible.name: qsTr("Conversation")
        onContentHeightChanged: root.showEnd()
        onHeightChanged: root.showEnd()
        onCountChanged: laterReport.restart()

        WheelScroll {
            onScrolled: pixels => root.scrollBy(pixels)
        }

        TapHandler {
            id: tapper

            acceptedModifiers: Qt.NoModifier
            onTapped: eventPoint => root.press(eventPoint.scenePosition, false, tapper.tapCount)
        }

        TapHandler {
            acceptedModifiers: Qt.ShiftModifier
            onTapped: eventPoint => root.press(eventPoint.scenePosition, true, 1)
        }

        TextMarker {
            id: marker

            onBegan: scene => root.press(scene, false, 0)
            onReached: (x, y) => root.reach(x, y)
        }

        TouchScroll {
            onScrolled: pixels => root.scrollBy(pixels)
        }

        RowFlash {
            id: flash

            parent: list.contentItem
            width: list.width - x - 12
        }
    }

    ConversationKeys {
        id: keys

        conversation: root.conversation
        pageHeight: list.height - Theme.wheelStep
        onScrolled: pixels => root.scrollBy(pixels)
        onNewestWanted: root.goToNewest()
        onRowWanted: (row, landed) => root.show(row, landed)
        onRequestWanted: callId => root.requestWanted(callId)
        onLinkPressed: address => root.linkPressed(address)
        onCopyWanted: root.copy()
        onFindWanted: root.findWanted()
    }

    FocusRing {
        shown: keys.used && root.Window.activeFocusItem === list
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

    Timer {
        id: laterReport

        interval: 0
        onTriggered: root.report()
    }

    EdgeScroll {
        active: marker.active
        y: marker.centroid.position.y
        height: list.height
        onScrolled: pixels => {
            root.scrollBy(pixels);
            root.reach(marker.centroid.position.x, marker.centroid.position.y);
        }
    }

    Connections {
        target: root.conversation
        function onJumped(toEnd: bool) {
            root.following = toEnd;
            root.showEnd();
            if (!toEnd)
                list.positionViewAtBeginning();
        }
        function onAboutToSlide() {
            root.anchorRow = list.indexAt(list.width / 2, Math.max(list.contentY, list.originY) + 1);
            root.anchorOffset = root.anchorRow < 0 ? 0 : list.itemAtIndex(root.anchorRow).y - list.contentY;
        }
        function onSlid(shift: int) {
            list.forceLayout();
            root.showEnd();
            if (!root.following && root.anchorRow >= 0)
                root.keepAt(root.anchorRow + shift, root.anchorOffset);
        }
    }

    Keys.forwardTo: [keys]
}
