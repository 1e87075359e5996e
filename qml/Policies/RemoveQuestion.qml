// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Controls

// Removing a policy is asked once.
DialogFrame {
    id: root

    property string policyId: ""

    signal confirmed

    contentItem: RemoveQuestionText {
        policyId: root.policyId
        onKeepChosen: root.close()
        onRemoveChosen: {
            root.close();
            root.confirmed();
        }
    }
}
