// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// What stands in the place of hits: how to search, that nothing was found, or what went wrong.
Column {
    id: root

    required property SearchModel search
    required property bool filtered

    signal wideningWanted

    readonly property bool failed: root.search.error !== ""
    readonly property string heading: {
        if (root.failed)
            return qsTr("This cannot be searched");
        if (!root.search.asked)
            return qsTr("Search in everything that was asked and answered");
        return root.search.searching ? qsTr("Searching…") : qsTr("Nothing found");
    }
    readonly property string explanation: {
        if (root.failed)
            return root.search.error;
        if (!root.search.asked)
            return qsTr("Words in any order find texts with all of them; case does not matter.");
        if (root.search.searching)
            return qsTr("Esc stops it.");
        return root.filtered ? qsTr("No text has all of these words in the calls that the filter leaves.") : qsTr("No text has all of these words. Fewer words, or the beginning of one with a star, find more.");
    }

    spacing: Theme.space3

    Glyph {
        anchors.horizontalCenter: parent.horizontalCenter
        name: root.failed ? "triangle" : "search"
        size: 22
        tint: root.failed ? Theme.failure : Theme.text3
    }

    PlainLabel {
        width: parent.width
        text: root.heading
        horizontalAlignment: Text.AlignHCenter
        font.weight: Font.DemiBold
        wrapMode: Text.Wrap
        textFormat: Text.PlainText
    }

    PlainLabel {
        width: parent.width
        text: root.explanation
        color: Theme.text3
        font.pixelSize: Theme.secondarySize
        horizontalAlignment: Text.AlignHCenter
        wrapMode: Text.Wrap
        textFormat: Text.PlainText
    }

    Grid {
        anchors.horizontalCenter: parent.horizontalCenter
        columns: 2
        columnSpacing: Theme.space5
        rowSpacing: Theme.space2
        topPadding: Theme.space3
        visible: !root.search.asked

        Repeater {
            model: ["drop table", qsTr("both words, anywhere in one text"), "\"drop table\"", qsTr("the words one after the other"), "migrat*", qsTr("words that begin so")]
            delegate: CodeText {
                id: cell

                required property int index
                required property string modelData

                text: cell.modelData
                color: cell.index % 2 === 0 ? Theme.text : Theme.text3
                font.family: cell.index % 2 === 0 ? Theme.mono : Theme.sans
                textFormat: Text.PlainText
            }
        }
    }

    PushButton {
        anchors.horizontalCenter: parent.horizontalCenter
        visible: root.search.asked && !root.failed && !root.search.searching && root.filtered
        glyph: "cross"
        text: qsTr("Search without the filter")
        onClicked: root.wideningWanted()
    }

    PushButton {
        anchors.horizontalCenter: parent.horizontalCenter
        visible: root.failed
        glyph: "undo"
        text: qsTr("Try again")
        onClicked: root.search.apply()
    }
}
