// SPDX-License-Identifier: Apache-2.0
import QtQuick
import Luthien.Theme

// Code and machine text. Shaping is off: ligatures would draw several bytes as one sign.
PlainLabel {
    textFormat: Text.PlainText
    color: Theme.text2
    font.family: Theme.mono
    font.pixelSize: Theme.codeSize
    font.preferShaping: false
}
