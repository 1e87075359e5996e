// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Theme

// The only way a string reaches the screen: never interpreted as markup, so nothing in it can load or run.
Text {
    textFormat: Text.PlainText
    color: Theme.text
    font.family: Theme.sans
    font.pixelSize: Theme.controlSize
}
