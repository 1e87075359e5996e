// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls

// Changes that are not saved do not go without a word.
DialogFrame {
    id: root

    property string policyName: ""
    /// What is to be opened instead; empty = a new policy.
    property string wantedId: ""
    /// Not empty = a new rule for this tool is to be opened instead.
    property string wantedTool: ""

    signal confirmed

    contentItem: QuestionText {
        question: qsTr("Discard the changes of %1?").arg(root.policyName)
        explanation: qsTr("They are not saved yet. Opening another policy drops them.")
        keepText: qsTr("Keep editing")
        goText: qsTr("Discard")
        goName: "confirmDiscard"
        onKeepChosen: root.close()
        onGoChosen: {
            root.close();
            root.confirmed();
        }
    }
}
