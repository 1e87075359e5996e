// SPDX-License-Identifier: Apache-2.0
pragma ComponentBehavior: Bound
import QtQuick
import Luthien.Desktop

// Switching one policy.
Item {
    id: root

    required property PoliciesModel policies
    required property CommandBook book
    required property string policyId
    required property string name
    required property int mode

    component ModeCommand: Command {
        property int wanted: PoliciesModel.Off

        book: root.book
        name: "policy." + root.policyId + "." + wanted
        group: qsTr("Policies")
        enabled: root.mode !== wanted
        onTriggered: root.policies.setMode(root.policyId, wanted)
    }

    ModeCommand {
        text: qsTr("Enforce %1").arg(root.name)
        wanted: PoliciesModel.Enforce
    }

    ModeCommand {
        text: qsTr("Only watch with %1 (shadow)").arg(root.name)
        wanted: PoliciesModel.Shadow
    }

    ModeCommand {
        text: qsTr("Switch %1 off").arg(root.name)
        wanted: PoliciesModel.Off
    }
}
