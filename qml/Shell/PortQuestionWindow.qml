// SPDX-License-Identifier: Apache-2.0
import QtQuick
import QtQuick.Window
import Luthien.Controls
import Luthien.Desktop
import Luthien.Theme

// Before the window: the port is another program's, and whether the next one will do.
Window {
    id: root

    required property PortQuestion question

    width: 480
    height: words.implicitHeight + 2 * Theme.space5
    minimumWidth: root.width
    maximumWidth: root.width
    visible: true
    title: qsTr("Luthien")
    color: Theme.canvas

    QuestionText {
        id: words

        x: Theme.space5
        y: Theme.space5
        width: root.width - 2 * Theme.space5
        question: qsTr("%1 is in use").arg(root.question.taken)
        explanation: root.question.holder === "" ? qsTr("Another program listens there. Luthien can listen at %1 this time; agents have to be told that address.").arg(root.question.free) : qsTr("%1 listens there. Luthien can listen at %2 this time; agents have to be told that address.").arg(root.question.holder).arg(root.question.free)
        keepText: qsTr("Listen at %1").arg(root.question.free)
        goText: qsTr("End")
        onKeepChosen: root.question.answer(true)
        onGoChosen: root.question.answer(false)
        Keys.onEscapePressed: root.question.answer(false)
    }

    Binding {
        target: Theme
        property: "dark"
        value: root.question.dark
    }
}
