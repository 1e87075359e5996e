// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls
import Luthien.Desktop

// What goes with the sessions, before it goes.
DialogFrame {
    id: root

    required property SessionActions actions

    contentItem: QuestionText {
        question: root.actions.question
        explanation: root.actions.explanation
        keepText: qsTr("Keep")
        goText: qsTr("Delete")
        goName: "confirmDelete"
        onKeepChosen: root.close()
        onGoChosen: {
            root.close();
            root.actions.remove();
        }
    }
}
