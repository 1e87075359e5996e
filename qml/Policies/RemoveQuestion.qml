// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls

// Removing a policy is asked once.
DialogFrame {
    id: root

    property string policyId: ""

    signal confirmed

    contentItem: QuestionText {
        question: qsTr("Remove the policy %1?").arg(root.policyId)
        explanation: qsTr("It judges nothing any more from the next call on. What it decided so far stays recorded.")
        keepText: qsTr("Keep it")
        goText: qsTr("Remove")
        goName: "confirmRemove"
        onKeepChosen: root.close()
        onGoChosen: {
            root.close();
            root.confirmed();
        }
    }
}
