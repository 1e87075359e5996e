// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Desktop
import Luthien.Theme

// Text that can be marked and copied; never interpreted as markup. The item around it speaks for it.
TextEdit {
    id: root

    property real lineHeight: 1
    property list<int> marks
    property color markColor: Theme.block
    property color markFill: Theme.blockSoft
    property list<int> spans
    property list<int> found

    readonly property DocumentLook look: DocumentLook {
        document: root.textDocument
        lineHeight: root.lineHeight
        marks: root.marks
        markColor: root.markColor
        markFill: root.markFill
        spans: root.spans
        linkColor: Theme.accent
        codeFill: Theme.hover
        codeFamily: Theme.mono
        found: root.found
        foundFill: Theme.foundFill
    }

    // The leading stands below a line, where in a box it looks like a margin too much.
    topPadding: Math.round((root.lineHeight - 1) * root.font.pixelSize * 0.6)
    bottomPadding: -root.topPadding
    textFormat: TextEdit.PlainText
    readOnly: true
    selectByMouse: true
    activeFocusOnTab: false
    wrapMode: TextEdit.Wrap
    color: Theme.text
    selectionColor: Theme.fill
    selectedTextColor: Theme.textOnFill
    font.family: Theme.sans
    font.pixelSize: Theme.controlSize
    Accessible.ignored: true

    HoverHandler {
        cursorShape: Qt.IBeamCursor
    }
}
