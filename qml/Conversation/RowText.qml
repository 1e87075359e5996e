// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Controls

// The text of a row. It is marked by the conversation around it, so that one mark can reach over many rows.
SelectableText {
    id: root

    property int selectedFrom: 0
    property int selectedTo: 0
    property bool marking: false

    function mark() {
        // To mark text is told as a change of the text, too.
        if (root.marking)
            return;
        root.marking = true;
        if (root.selectedTo > root.selectedFrom)
            root.select(Math.min(root.selectedFrom, root.length), Math.min(root.selectedTo, root.length));
        else
            root.deselect();
        root.marking = false;
    }

    enabled: false // a TextEdit takes every press, marked by it or not
    selectByMouse: false
    persistentSelection: true
    font.preferShaping: false // the font would draw "2x4" and "->" as other characters
    onSelectedFromChanged: root.mark()
    onSelectedToChanged: root.mark()
    onTextChanged: root.mark()
}
