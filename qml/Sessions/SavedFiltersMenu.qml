// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import QtQuick.Templates as T
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// The filters that were kept by name: one brings it back. The one in the field can be kept.
T.Popup {
    id: root

    required property FilterInput input
    required property SavedFilters savedFilters
    readonly property bool keepable: root.input.text.trim() !== "" && root.input.error === ""

    function openAt(item: Item, x: real, y: real) {
        const window = root.parent as Item;
        const place = item.mapToItem(window, x, y);
        root.x = Math.max(Theme.space2, Math.min(place.x, window.width - root.width - Theme.space2));
        root.y = place.y;
        root.open();
    }

    parent: T.Overlay.overlay
    width: 360
    height: content.implicitHeight + 2 * root.padding
    padding: Theme.space2
    focus: true
    closePolicy: T.Popup.CloseOnEscape | T.Popup.CloseOnPressOutside
    onOpened: {
        name.text = "";
        if (root.keepable)
            name.forceActiveFocus(Qt.PopupFocusReason);
        else
            list.forceActiveFocus(Qt.PopupFocusReason);
    }

    background: Rectangle {
        radius: Theme.cardRadius
        color: Theme.raised
        border.color: Theme.lineStrong
    }

    FocusScope {
        id: content

        anchors.left: parent.left
        anchors.right: parent.right
        implicitHeight: column.implicitHeight
        focus: true
        Accessible.role: Accessible.Dialog
        Accessible.name: qsTr("Saved filters")

        Column {
            id: column

            width: parent.width
            spacing: Theme.space2

            Item {
                width: parent.width
                height: Theme.button + 2
                visible: root.keepable

                LineField {
                    id: name

                    anchors.left: parent.left
                    anchors.right: keep.left
                    anchors.rightMargin: Theme.space2
                    maximumLength: 80
                    placeholderText: qsTr("Name for this filter")
                    Accessible.name: qsTr("Name for this filter")
                    Keys.onReturnPressed: keep.clicked()
                    Keys.onEnterPressed: keep.clicked()
                    Keys.onDownPressed: list.forceActiveFocus(Qt.TabFocusReason)
                }

                PushButton {
                    id: keep

                    anchors.right: parent.right
                    height: parent.height
                    primary: true
                    enabled: name.text.trim() !== ""
                    text: qsTr("Save")
                    onClicked: {
                        if (root.savedFilters.save(name.text, root.input.text))
                            name.text = "";
                    }
                }
            }

            PlainLabel {
                width: parent.width
                leftPadding: Theme.space2
                visible: root.savedFilters.count === 0
                text: root.keepable ? qsTr("No filters saved yet") : qsTr("No filters saved yet. Type one, then save it here.")
                color: Theme.text3
                font.pixelSize: Theme.secondarySize
                wrapMode: Text.Wrap
                textFormat: Text.PlainText
            }

            ListView {
                id: list

                width: parent.width
                height: Math.min(list.contentHeight, 8 * 44)
                clip: true
                visible: root.savedFilters.count > 0
                model: root.savedFilters
                keyNavigationEnabled: true
                activeFocusOnTab: true
                boundsBehavior: Flickable.StopAtBounds
                Accessible.role: Accessible.List
                Accessible.name: qsTr("Saved filters")
                Keys.onReturnPressed: list.use(list.currentIndex)
                Keys.onEnterPressed: list.use(list.currentIndex)
                Keys.onDeletePressed: root.savedFilters.remove(list.currentIndex)
                delegate: SavedFilterRow {
                    id: saved

                    required property int index

                    width: list.width
                    current: saved.ListView.isCurrentItem && list.activeFocus
                    onChosen: list.use(saved.index)
                    onDeletionWanted: root.savedFilters.remove(saved.index)
                }

                function use(row: int) {
                    root.input.text = root.savedFilters.filterAt(row);
                    root.input.apply();
                    root.close();
                }
            }
        }
    }
}
